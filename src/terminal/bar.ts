/** A bar of `width` signs, filled as far as `percent` says, never full below 100 and never empty above 0; nothing without a percentage. */
export function bar(percent: string | null, width = 10): string {
  if (percent === null) return '';
  const share = Number(percent) / 100;
  const filled =
    share >= 1 ? width : Math.min(width - 1, Math.max(share > 0 ? 1 : 0, Math.floor(share * width)));
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
