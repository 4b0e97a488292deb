export function sbomOf(
  packages: readonly { name: string; version: string; licence: string }[],
  root: string,
): string;
