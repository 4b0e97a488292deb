import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of subctl's own package.json, above `src/` and `dist/` alike: `drizzle/` and `data/` are read from there. */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const above = path.dirname(folder);
    if (above === folder)
      throw new Error(
        `subctl is not installed whole: no package.json above ${fileURLToPath(import.meta.url)}`,
      );
    folder = above;
  }
  return folder;
}

/** The version in subctl's own package.json. */
export function packageVersion(): string {
  const text = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
