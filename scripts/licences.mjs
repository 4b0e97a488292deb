// The licences of what the bundle holds of others: one text file beside it, made from what esbuild says it put in.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Licences that may be bundled: each asks for its notice and nothing else. */
export const permitted = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'Unlicense',
  '0BSD',
  'MIT-0',
  'BlueOak-1.0.0',
]);

/**
 * The packages whose files are among `inputs` (as in a metafile of esbuild), by name: version, licence and its text.
 * @returns {{ name: string, version: string, licence: string, text: string }[]}
 */
export function packagesOf(inputs, root) {
  const folders = new Set(inputs.map(folderOf).filter(Boolean));
  const packages = [...folders].map((folder) => describe(path.join(root, folder)));
  return [...new Map(packages.map((each) => [`${each.name} ${each.version}`, each])).values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
}

/** The notices as one text. @throws Error for a package whose licence is not among the permitted ones */
export function noticesOf(packages) {
  const odd = packages.filter(({ licence }) => !permitted.has(licence));
  if (odd.length > 0)
    throw new Error(
      `May not be bundled: ${odd.map(({ name, licence }) => `${name} (${licence})`).join(', ')}`,
    );
  const notices = packages.map(
    ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text.trim()}\n`,
  );
  return ['subctl contains the following packages.\n', ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c` of a file below it. */
function folderOf(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function describe(folder) {
  const {
    name,
    version,
    license: licence,
  } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder);
  const file = files.find((entry) => /^(licen[cs]e|copying)\b/i.test(entry));
  const text = file
    ? readFileSync(path.join(folder, file), 'utf8')
    : `The package has no text of it: https://spdx.org/licenses/${licence}.html`;
  // Apache-2.0 wants its NOTICE to go along, and a folder has what the package took from others
  const more = [
    ...files.filter((entry) => /^notice\b/i.test(entry)),
    ...(files.includes('licenses')
      ? readdirSync(path.join(folder, 'licenses')).map((entry) => `licenses/${entry}`)
      : []),
  ].map((entry) => readFileSync(path.join(folder, entry), 'utf8').trim());
  return { name, version, licence, text: [text.trim(), ...more].join('\n\n') };
}
