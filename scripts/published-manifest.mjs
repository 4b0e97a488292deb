// The package.json that npm publishes. The bundle in dist/ holds what `dependencies` names, so an installed copy needs none of it: the published
// manifest leaves those out, with what only a clone can use. `prepack` writes it in place of package.json, `postpack` puts package.json back.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const leftOut = new Set(['scripts', 'dependencies', 'devDependencies', 'overrides']);

/** @param {Record<string, unknown>} own package.json as it is in the repository */
export function publishedManifest(own) {
  return Object.fromEntries(Object.entries(own).filter(([key]) => !leftOut.has(key)));
}

/** Writes the published manifest over `folder`/package.json. What was there is kept beside it, also when a run before this one was cut off. */
export function writePublished(folder) {
  const { manifest, kept } = filesOf(folder);
  if (!existsSync(kept)) writeFileSync(kept, readFileSync(manifest));
  const published = publishedManifest(JSON.parse(readFileSync(kept, 'utf8')));
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
}

/** Puts back what writePublished has kept; without it does nothing. */
export function restoreManifest(folder) {
  const { manifest, kept } = filesOf(folder);
  if (existsSync(kept)) renameSync(kept, manifest);
}

function filesOf(folder) {
  return {
    manifest: path.join(folder, 'package.json'),
    kept: path.join(folder, '.package.json.before-pack'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  if (process.argv.includes('--restore')) restoreManifest(root);
  else writePublished(root);
}
