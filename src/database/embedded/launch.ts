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
import { embeddedPort, type EmbeddedPaths } from './embedded-paths.ts';
import { socketAddress, isReady } from './postmaster.ts';
import { asAccount, cleanEnvironment } from './run-as.ts';

/**
 * Starts the server and returns when it is ready. It is a session of its own and outlives this process. Run it under the mutex, without
 * stale files. Failure with the log's last lines when the server ends instead; `unavailable` when it is still recovering after a minute.
 */
export async function launch(
  paths: EmbeddedPaths,
  programs: Programs,
  account: Account | undefined,
): Promise<void> {
  if (process.platform === 'win32') return launchOnWindows(paths, programs);
  makeSocketFolder(paths, account);
  const log = openLog(paths, account);
  const settings = {
    unix_socket_directories: `"${paths.socketFolder.replaceAll('"', '""')}"`,
    listen_addresses: '',
    port: embeddedPort,
  };
  const child = spawn(
    path.join(programs.copy, 'bin', 'postgres'),
    ['-D', paths.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...asAccount(account), detached: true, stdio: ['ignore', log, log], env: cleanEnvironment, cwd: '/' },
  );
  child.unref();
  fs.closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', (error) => reject(didNotStart(paths, error.message)));
  });
  await waitUntilReady(paths, child);
}

async function waitUntilReady(paths: EmbeddedPaths, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while (!(await isReady(paths))) {
    if (child.exitCode !== null || child.signalCode !== null) throw didNotStart(paths, lastLogLines(paths));
    if (deadline.aborted) {
      throw new Failure('unavailable', 'The embedded database is still recovering after a minute', {
        hint: `try again; its log is ${paths.log}`,
      });
    }
    await sleep(4);
  }
}

function didNotStart(paths: EmbeddedPaths, said: string): Failure {
  return (
    diskFailure(paths.data, said) ??
    new Failure('unavailable', `The embedded database did not start: ${said}`, {
      hint: `its log is ${paths.log}`,
    })
  );
}

/** The socket's folder is the account's own, 0700: strangers do not even reach the password question. */
function makeSocketFolder(paths: EmbeddedPaths, account: Account | undefined): void {
  onDisk(paths.socketFolder, () => {
    fs.mkdirSync(paths.socketFolder, { recursive: true, mode: 0o700 });
    const owner = account?.uid ?? process.getuid?.();
    const { uid } = fs.lstatSync(paths.socketFolder);
    if (uid === 0 && account) fs.chownSync(paths.socketFolder, account.uid, account.gid);
    else if (uid !== owner || !fs.lstatSync(paths.socketFolder).isDirectory()) {
      throw new Failure(
        'config',
        `The folder ${paths.socketFolder} for the database's socket belongs to another account (uid ${uid})`,
        {
          hint: 'choose a shorter folder with SUBCTL_HOME',
        },
      );
    }
  });
}

/** Untried. pg_ctl gives up an administrator's rights, without which postgres would refuse. */
async function launchOnWindows(paths: EmbeddedPaths, programs: Programs): Promise<void> {
  if (!fs.existsSync(paths.portFile)) fs.writeFileSync(paths.portFile, String(await freePort()));
  const started = spawnSync(
    path.join(programs.copy, 'bin', 'pg_ctl'),
    [
      'start',
      '-w',
      '-s',
      '-t',
      '60',
      '-D',
      paths.data,
      '-l',
      paths.log,
      '-o',
      `-h 127.0.0.1 -p ${socketAddress(paths)}`,
    ],
    { env: cleanEnvironment, cwd: paths.home, stdio: 'ignore', windowsHide: true },
  );
  if (started.status === 0) return;
  fs.rmSync(paths.portFile, { force: true }); // the next attempt takes another port
  throw didNotStart(paths, lastLogLines(paths));
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
