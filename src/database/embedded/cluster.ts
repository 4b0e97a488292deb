import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { type Account, requirePasswdEntry } from './account.ts';
import { diskFailure, onDisk } from './disk.ts';
import type { Programs } from './package.ts';
import { requirePlainPath, requireReachable } from './home.ts';
import { asAccount, cleanEnvironment } from './run-as.ts';
import { embeddedName, embeddedPort, type EmbeddedPaths } from './embedded-paths.ts';

/** Settings and speed of a new cluster; only tests give up durability. */
export interface ClusterOptions {
  settings?: Record<string, string>;
  /** do not wait for the disk while creating */
  noSync?: boolean;
}

const defaultSettings: Record<string, string> = {
  port: String(embeddedPort),
  unix_socket_permissions: '0700',
  max_connections: '50',
  shared_buffers: '64MB',
  dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap', // Docker's /dev/shm is small, logind empties it
  io_method: 'sync', // no I/O workers
  jit: 'off', // compiling a report takes longer than running it
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %u@%d ',
  idle_in_transaction_session_timeout: '5min',
};

export const hasCluster = (paths: EmbeddedPaths) => fs.existsSync(path.join(paths.data, 'PG_VERSION'));

/**
 * Creates the cluster with initdb, in a folder of another name which is then renamed: a command killed on the way leaves no half
 * cluster. The role `subctl` gets a random password, kept in a file that only it may read. Run it only under the mutex.
 */
export function createCluster(
  paths: EmbeddedPaths,
  programs: Programs,
  account: Account | undefined,
  options: ClusterOptions = {},
): void {
  if (!account) requirePasswdEntry();
  requirePlainPath(paths);
  onDisk(paths.home, () => {
    for (const name of fs.readdirSync(paths.home)) {
      if (name.startsWith('data.tmp-')) removeLeftover(path.join(paths.home, name));
    }
    const unfinished = `${paths.data}.tmp-${process.pid}`;
    fs.mkdirSync(unfinished, { mode: 0o700 });
    if (account) fs.chownSync(unfinished, account.uid, account.gid);
    requireReachable(unfinished, account);
    writePassword(paths, account);
    initdb({ place: paths, programs, account, folder: unfinished, options });
    fs.renameSync(unfinished, paths.data);
    syncFolder(paths.home);
  });
}

/** The cluster's PostgreSQL version must be that of the programs. Failure `config` when it is another. */
export function requireSameVersion(paths: EmbeddedPaths, { major, version }: Programs): void {
  const made = onDisk(paths.data, () => fs.readFileSync(path.join(paths.data, 'PG_VERSION'), 'utf8')).trim();
  if (made === String(major)) return;
  throw new Failure(
    'config',
    `The embedded database in ${paths.data} was made by PostgreSQL ${made}, and this subctl has PostgreSQL ${version}`,
    {
      hint: `make a backup with the subctl that made it, and restore it with this one into a new folder: subctl db backup FILE, then subctl db restore FILE --into FOLDER`,
    },
  );
}

interface Creation {
  place: EmbeddedPaths;
  programs: Programs;
  account: Account | undefined;
  /** where the cluster is created */
  folder: string;
  options: ClusterOptions;
}

function initdb({ place: paths, programs, account, folder, options }: Creation): void {
  const settings = Object.entries({ ...defaultSettings, ...options.settings }).flatMap(([name, value]) => [
    '--set',
    `${name}=${value}`,
  ]);
  const onWindows = process.platform === 'win32';
  const result = spawnSync(
    path.join(programs.copy, 'bin', 'initdb'),
    [
      ...[
        '-D',
        folder,
        '-U',
        embeddedName,
        `--pwfile=${paths.passwordFile}`,
        '-E',
        'UTF8',
        '-T',
        'simple',
        '--no-instructions',
      ],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['--auth-local=scram-sha-256', `--auth-host=${onWindows ? 'scram-sha-256' : 'reject'}`],
      ...(options.noSync ? ['--no-sync'] : []),
      ...settings,
    ],
    {
      ...asAccount(account),
      env: cleanEnvironment,
      cwd: onWindows ? paths.home : '/',
      encoding: 'utf8',
      windowsHide: true,
    },
  );
  if (result.status === 0) return;
  fs.rmSync(folder, { recursive: true, force: true });
  const said = result.error?.message ?? result.stderr.trim();
  throw (
    diskFailure(paths.home, said) ??
    new Failure('config', `The embedded database could not be created in ${paths.home}: ${said}`)
  );
}

/** The initdb of a command that was killed may be writing still. */
function removeLeftover(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}

function writePassword(paths: EmbeddedPaths, account: Account | undefined): void {
  const unfinished = `${paths.passwordFile}.tmp-${process.pid}`;
  fs.writeFileSync(unfinished, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (account) fs.chownSync(unfinished, account.uid, account.gid);
  fs.renameSync(unfinished, paths.passwordFile);
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, 'r');
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
}
