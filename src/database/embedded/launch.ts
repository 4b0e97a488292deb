import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failure.ts';
import type { Account } from './account.ts';
import { diskFailure, onDisk } from './disk.ts';
import { lastLogLines, openLog } from './log.ts';
import type { Programs } from './package.ts';
import { embeddedPort, type Place } from './place.ts';
import { doorOf, isReady } from './postmaster.ts';
import { asAccount, cleanEnvironment } from './run-as.ts';

/**
 * Starts the server and returns when it is ready. It is a session of its own and outlives this process. Run it under the mutex, without
 * stale files. Failure with the log's last lines when the server ends instead; `unavailable` when it is still recovering after a minute.
 */
export async function launch(place: Place, programs: Programs, account: Account | undefined): Promise<void> {
  if (process.platform === 'win32') return launchOnWindows(place, programs);
  makeSocketFolder(place, account);
  const log = openLog(place, account);
  const settings = {
    unix_socket_directories: `"${place.socketFolder.replaceAll('"', '""')}"`,
    listen_addresses: '',
    port: embeddedPort,
  };
  const child = spawn(
    path.join(programs.copy, 'bin', 'postgres'),
    ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...asAccount(account), detached: true, stdio: ['ignore', log, log], env: cleanEnvironment, cwd: '/' },
  );
  child.unref();
  fs.closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', (error) => reject(didNotStart(place, error.message)));
  });
  await waitUntilReady(place, child);
}

async function waitUntilReady(place: Place, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while (!(await isReady(place))) {
    if (child.exitCode !== null || child.signalCode !== null) throw didNotStart(place, lastLogLines(place));
    if (deadline.aborted) {
      throw new Failure('unavailable', 'The embedded database is still recovering after a minute', {
        hint: `try again; its log is ${place.log}`,
      });
    }
    await sleep(4);
  }
}

function didNotStart(place: Place, said: string): Failure {
  return (
    diskFailure(place.data, said) ??
    new Failure('unavailable', `The embedded database did not start: ${said}`, {
      hint: `its log is ${place.log}`,
    })
  );
}

/** The socket's folder is the account's own, 0700: strangers do not even reach the password question. */
function makeSocketFolder(place: Place, account: Account | undefined): void {
  onDisk(place.socketFolder, () => {
    fs.mkdirSync(place.socketFolder, { recursive: true, mode: 0o700 });
    const owner = account?.uid ?? process.getuid?.();
    const { uid } = fs.lstatSync(place.socketFolder);
    if (uid === 0 && account) fs.chownSync(place.socketFolder, account.uid, account.gid);
    else if (uid !== owner || !fs.lstatSync(place.socketFolder).isDirectory()) {
      throw new Failure(
        'config',
        `The folder ${place.socketFolder} for the database's socket belongs to another account (uid ${uid})`,
        {
          hint: 'choose a shorter folder with SUBCTL_HOME',
        },
      );
    }
  });
}

/** Untried. pg_ctl gives up an administrator's rights, without which postgres would refuse. */
async function launchOnWindows(place: Place, programs: Programs): Promise<void> {
  if (!fs.existsSync(place.portFile)) fs.writeFileSync(place.portFile, String(await freePort()));
  const started = spawnSync(
    path.join(programs.copy, 'bin', 'pg_ctl'),
    [
      'start',
      '-w',
      '-s',
      '-t',
      '60',
      '-D',
      place.data,
      '-l',
      place.log,
      '-o',
      `-h 127.0.0.1 -p ${doorOf(place)}`,
    ],
    { env: cleanEnvironment, cwd: place.home, stdio: 'ignore', windowsHide: true },
  );
  if (started.status === 0) return;
  fs.rmSync(place.portFile, { force: true }); // the next attempt takes another port
  throw didNotStart(place, lastLogLines(place));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
