import * as fs from 'node:fs';
import path from 'node:path';
import { onDisk } from './disk.ts';
import type { Programs } from './package.ts';

/** Only for building against PostgreSQL. */
const unneeded = /\.a$|[\\/]pkgconfig$|[\\/]pgxs$|[\\/]include$|[\\/]doc$/;

/**
 * Copies the PostgreSQL programs out of node_modules, once per version, and makes the library links that the package's install
 * script may not have made (`--ignore-scripts`). A server that ran from node_modules would break under the next `npm ci`.
 * A copy is whole or absent: it is made under another name and renamed. Run it only under the mutex of the folder.
 */
export function materialise({ native, copy }: Programs): void {
  if (native === undefined || fs.existsSync(path.join(copy, '.complete'))) return;
  onDisk(path.dirname(copy), () => {
    const parent = path.dirname(copy);
    fs.mkdirSync(parent, { recursive: true, mode: 0o755 });
    removeLeftovers(parent);
    const unfinished = `${copy}.tmp-${process.pid}`;
    fs.cpSync(native, unfinished, {
      recursive: true,
      mode: fs.constants.COPYFILE_FICLONE,
      verbatimSymlinks: true,
      filter: (source) => !unneeded.test(source.slice(native.length)),
    });
    makeLinks(native, unfinished);
    makeReadable(unfinished);
    fs.writeFileSync(path.join(unfinished, '.complete'), '');
    fs.rmSync(copy, { recursive: true, force: true });
    fs.renameSync(unfinished, copy);
  });
}

/** Removes what other versions, or a copy that was killed, left behind. The server must run from `copy`, or not at all. */
export function removeOldPrograms({ copy }: Programs): void {
  for (const name of fs.readdirSync(path.dirname(copy))) {
    if (name !== path.basename(copy))
      fs.rmSync(path.join(path.dirname(copy), name), { recursive: true, force: true });
  }
}

function removeLeftovers(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    if (name.includes('.tmp-')) fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function makeLinks(native: string, copy: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = path.join(copy, path.relative('native', target));
    if (!fs.lstatSync(link, { throwIfNoEntry: false })) fs.symlinkSync(path.basename(source), link);
  }
}

/** The server's account reads the copy, whatever the umask of whoever made it. */
function makeReadable(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(full);
    else if (entry.isFile())
      fs.chmodSync(full, path.basename(folder) === 'bin' ? 0o755 : fs.statSync(full).mode | 0o444);
  }
}
