import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import type { ClusterOptions } from '../../src/database/embedded/cluster.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import type { EmbeddedPaths } from '../../src/database/embedded/embedded-paths.ts';
import { startServer } from '../../src/database/embedded/start.ts';
import { formatDatabaseUrl, withDatabase } from '../../src/database/url.ts';
import { makeTemplate } from '../simulator/stage.ts';
import { root } from '../support/cli.ts';
import { newHome } from '../support/embedded.ts';

const bin = path.join(root, 'bin/subctl.js');

/** A server of its own with the settings that we ship, fsync on, which may be killed; its databases are copies of one that `prepare` filled. */
export interface Stand {
  place: EmbeddedPaths;
  /** a fresh copy: its address */
  copy(): Promise<string>;
  /** takes a copy away */
  drop(url: string): Promise<void>;
  on<T>(url: string, work: (sql: Connection) => Promise<T>): Promise<T>;
}

export async function makeStand(
  prepare: (sql: Connection) => Promise<void>,
  cluster: ClusterOptions = {},
): Promise<Stand> {
  const place = await newHome({ name: 'crash' });
  await startServer(place, { mayCreate: true, cluster });
  const server = formatDatabaseUrl(embeddedAddress(place), { showPassword: true });
  const on = async <T>(url: string, work: (sql: Connection) => Promise<T>): Promise<T> => {
    const sql = connectTo(parseDatabaseUrl(url), 2);
    try {
      return await work(sql);
    } finally {
      await sql.end({ timeout: 5 });
    }
  };
  await makeTemplate(server, 'crowded');
  await on(withDatabase(server, 'crowded'), prepare);
  let count = 0;
  const copy = async () => {
    const name = `copy_${(count += 1)}`;
    const statement = `create database ${name} template crowded strategy file_copy`;
    await on(server, (sql) => withoutOwnSession(sql).unsafe(statement));
    return withDatabase(server, name);
  };
  const drop = async (url: string) => {
    const { database } = parseDatabaseUrl(url);
    await on(server, (sql) => withoutOwnSession(sql).unsafe(`drop database ${database} with (force)`));
  };
  return { place, copy, drop, on };
}

export interface Ended {
  /** null when a signal ended it */
  code: number | null;
  stderr: string;
  milliseconds: number;
}

/** Starts the real program on a database; it may be killed. */
export function start(
  url: string,
  args: readonly string[],
  more: Record<string, string> = {},
  cwd = '/',
): { ended: Promise<Ended>; kill(signal?: NodeJS.Signals): void } {
  const began = performance.now();
  const env = {
    PATH: process.env['PATH'] ?? '',
    NO_COLOR: '1',
    TZ: 'UTC',
    SUBCTL_HOME: '/nonexistent/subctl',
  };
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...env, ...more, DATABASE_URL: url },
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr, milliseconds: performance.now() - began }));
  });
  return { ended, kill: (signal = 'SIGKILL') => void child.kill(signal) };
}

/** Kills every process of the server at once, as a machine that loses its power does, and starts it again. */
export async function killServer(place: EmbeddedPaths): Promise<void> {
  const postmaster = Number(readFileSync(path.join(place.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  for (const pid of [postmaster, ...childrenOf(postmaster)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
  await sleep(50);
  await startServer(place);
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
