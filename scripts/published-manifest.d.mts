export function publishedManifest(own: Record<string, unknown>): Record<string, unknown>;
export function writePublished(folder: string): void;
export function restoreManifest(folder: string): void;
