import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import type { Account } from './account.ts';
import { onDisk } from './disk.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';
import { asAccount, cleanEnvironment } from './run-as.ts';

/** Makes the state folder, which the server's account must be able to pass through. */
export function makeHome({ home }: EmbeddedPaths): void {
  onDisk(home, () => makeFolders(home, process.getuid?.() === 0 ? 0o711 : 0o700));
}

/** mkdir -p, one folder at a time: Node's own never ends where the parent is there and takes no folders (`/proc`). */
function makeFolders(folder: string, mode: number): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolders(path.dirname(folder), mode);
  try {
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    // somebody else made it meanwhile; a file in its place is no folder
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** initdb starts the other programs through a shell, their path in double quotes and nothing in it escaped. */
export function requirePlainPath({ home }: EmbeddedPaths): void {
  if (process.platform === 'win32' || !/["$`\\\n\r]/.test(home)) return;
  throw new Failure(
    'config',
    `PostgreSQL cannot create a database in a folder with " $ \` \\ or a line break in its path: ${home}`,
    {
      hint: 'choose another folder with SUBCTL_HOME',
    },
  );
}

/** Root may make folders where its server's account cannot go, such as below /root. */
export function requireReachable(folder: string, account: Account | undefined): void {
  if (!account) return;
  const tried = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    ...asAccount(account),
    cwd: '/',
    env: cleanEnvironment,
  });
  if (tried.status === 0) return;
  fs.rmSync(folder, { recursive: true, force: true });
  throw new Failure(
    'config',
    `The account ${account.name}, as which root runs PostgreSQL, cannot enter ${path.dirname(folder)}`,
    {
      hint: 'choose a folder that others may pass through with SUBCTL_HOME (the default for root is /var/lib/subctl)',
    },
  );
}
