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
  run(pgbench, server, ['-i', '-q', '-s', String(scale), database]);
}

export interface Rate {
  /** transactions a second */
  tps: number;
  transactions: number;
}

/** Runs a script for some seconds with prepared statements; without one, pgbench's TPC-B-like. */
export function measure(
  pgbench: string,
  server: Server,
  {
    database,
    script,
    clients,
    seconds,
  }: { database: string; script?: string; clients: number; seconds: number },
): Rate {
  const file = path.join(path.dirname(server.home), 'script.sql');
  if (script !== undefined) fs.writeFileSync(file, script);
  const what = script === undefined ? ['-b', 'tpcb-like'] : ['-f', file];
  const threads = String(Math.min(2, clients));
  const text = run(pgbench, server, [
    ...['-n', '-M', 'prepared', '-c', String(clients), '-j', threads, '-T', String(seconds)],
    ...what,
    database,
  ]);
  return {
    tps: Number(/tps = ([\d.]+)/.exec(text)![1]),
    transactions: Number(/actually processed: (\d+)/.exec(text)![1]),
  };
}

function run(pgbench: string, server: Server, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(pgbench, args, { env: server.libpq, encoding: 'utf8' });
  if (status !== 0) throw new Error(`pgbench ${args.join(' ')}: ${stderr}`);
  return stdout;
}
