import * as fs from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { EmbeddedPaths } from './embedded-paths.ts';

/** `stale`: a pid file whose server is gone. `busy`: the server is starting or stopping. */
export type PidState = 'none' | 'stale' | 'busy' | 'ready';

export const pidFileOf = (paths: EmbeddedPaths) => path.join(paths.data, 'postmaster.pid');

/**
 * What the pid file says, checked against the processes there are. An empty file counts as stale, although it is empty also for an
 * instant while a server writes it: act on `stale` only under the mutex.
 */
export function pidState(paths: EmbeddedPaths): PidState {
  const lines = readLines(pidFileOf(paths));
  if (!lines) return 'none';
  const pid = Number(lines[0]);
  if (!pid || !isPostgresOf(paths, pid)) return 'stale';
  return lines[7]?.trim() === 'ready' ? 'ready' : 'busy';
}

/** The pid in the pid file, if there is one. */
export function pidOf(paths: EmbeddedPaths): number | undefined {
  return Number(readLines(pidFileOf(paths))?.[0]) || undefined;
}

/** Removes the socket and its lock file when the process that held them is gone. PostgreSQL would refuse to start. */
export function removeStaleSocket(paths: EmbeddedPaths): void {
  const lines = readLines(`${paths.socket}.lock`);
  if (!lines || isPostgresOf(paths, Number(lines[0]))) return;
  fs.rmSync(`${paths.socket}.lock`, { force: true });
  fs.rmSync(paths.socket, { force: true });
}

/**
 * Whether `pid` is a live PostgreSQL process of this very cluster. In a container whose first process reaps nobody a killed server
 * stays a zombie, and `kill(pid, 0)` still finds it; a pid may also have been given to another program, or to another PostgreSQL.
 */
function isPostgresOf(paths: EmbeddedPaths, pid: number): boolean {
  if (process.platform !== 'linux') return answersSignals(pid);
  const status = tryRead(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const [, command, state] = /^\d+ \((.*)\) (\S)/s.exec(status ?? '') ?? [];
  if (command !== 'postgres' || state === 'Z' || state === 'X') return false;
  const folder = tryRead(() => fs.readlinkSync(`/proc/${pid}/cwd`)); // a server works in its data folder; unreadable for strangers
  return folder === undefined || folder === paths.data;
}

/** The processes of this cluster: under the mutex and with a stale pid file, the orphans of a killed server. Linux only. */
export function processesOf(paths: EmbeddedPaths): number[] {
  if (process.platform !== 'linux') return [];
  const pids = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter(
    (pid) => tryRead(() => fs.readlinkSync(`/proc/${pid}/cwd`)) === paths.data && isPostgresOf(paths, pid),
  );
}

/** Whether something listens at `address`: a socket's path, or a port on the loopback. */
export function canConnect(address: string | number, waitMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const client = typeof address === 'string' ? connect(address) : connect(address, '127.0.0.1');
    const finish = (answer: boolean) => {
      client.destroy();
      resolve(answer);
    };
    client.setTimeout(waitMs, () => finish(false));
    client.once('connect', () => finish(true)).once('error', () => finish(false));
  });
}

/** Whether the server is ready. Linux tells whose process it is, so a socket that is there is its own; elsewhere the door is tried. */
export async function isReady(paths: EmbeddedPaths): Promise<boolean> {
  if (pidState(paths) !== 'ready') return false;
  return process.platform === 'linux' ? fs.existsSync(paths.socket) : canConnect(socketAddress(paths));
}

/** What to knock at: the socket, or on Windows, where Node cannot open one, the port. */
export function socketAddress(paths: EmbeddedPaths): string | number {
  if (process.platform !== 'win32') return paths.socket;
  return fs.existsSync(paths.portFile) ? Number(fs.readFileSync(paths.portFile, 'utf8')) : 0;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function readLines(file: string): string[] | undefined {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
