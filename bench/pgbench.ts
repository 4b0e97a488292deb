import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import type { Server } from './server.ts';

/** The pgbench of the PATH or of Debian's newest PostgreSQL; undefined when there is none. */
export function findPgbench(): string | undefined {
  if (spawnSync('pgbench', ['--version']).status === 0) return 'pgbench';
  const debian = '/usr/lib/postgresql';
  const versions = fs.existsSync(debian) ? fs.readdirSync(debian) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a));
  return newest
    .map((version) => path.join(debian, version, 'bin/pgbench'))
    .find((file) => fs.existsSync(file));
}

/** Makes the tables of pgbench's own script. */
export function initialise(pgbench: string, server: Server, database: string, scale: number): void {
  pgbenchSays(pgbench, server, ['-i', '-q', '-s', String(scale), database]);
}

export interface Rate {
  /** transactions a second */
  tps: number;
  transactions: number;
}

/**
 * Runs a script for some seconds with prepared statements; without one, pgbench's TPC-B-like. The first second is not counted: there
 * each connection compiles and plans.
 */
export function measure(
  pgbench: string,
  server: Server,
  {
    database,
    script,
    clients,
    seconds,
  }: { database: string; script?: string | undefined; clients: number; seconds: number },
): Rate {
  const threads = String(Math.min(2, clients));
  const how = ['-M', 'prepared', '-c', String(clients), '-j', threads, '-T', String(seconds + 1), '-P', '1'];
  const text = run(pgbench, server, { database, script, args: how });
  const seen = [...text.matchAll(/^progress: [\d.]+ s, ([\d.]+) tps/gm)]
    .map(([, tps]) => Number(tps))
    .slice(1);
  return {
    tps: seen.reduce((sum, tps) => sum + tps, 0) / seen.length,
    transactions: Number(/actually processed: (\d+)/.exec(text)![1]),
  };
}

/** Runs a script, or pgbench's TPC-B-like; what it says. */
export function run(
  pgbench: string,
  server: Server,
  { database, script, args }: { database: string; script?: string | undefined; args: string[] },
): string {
  const file = path.join(path.dirname(server.home), 'script.sql');
  if (script !== undefined) fs.writeFileSync(file, script);
  const what = script === undefined ? ['-b', 'tpcb-like'] : ['-f', file];
  return pgbenchSays(pgbench, server, ['-n', ...args, ...what, database]);
}

function pgbenchSays(pgbench: string, server: Server, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(pgbench, args, { env: server.libpq, encoding: 'utf8' });
  if (status !== 0) throw new Error(`pgbench ${args.join(' ')}: ${stderr}`);
  return `${stdout}\n${stderr}`;
}
