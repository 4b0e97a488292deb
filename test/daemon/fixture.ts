import { readBuild } from '../../src/database/bundled-sql.ts';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import type { Connection } from '../../src/database/connect.ts';
import { type DaemonRequest, startDaemon } from '../../src/daemon/daemon.ts';
import type { RunningDaemon } from '../../src/daemon/running-daemon.ts';
import { servicesOf } from '../support/services.ts';
import { openLog } from '../../src/daemon/log.ts';
import { logRuns } from '../../src/daemon/log-runs.ts';
import { openNotifier } from '../../src/daemon/notify.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import type { Proxy } from '../support/proxy.ts';
import { root } from '../support/cli.ts';

export const program = { folder: path.join(root, 'drizzle'), program: '0.1.0' };
export const build = readBuild(program);
let count = 0;

export interface Playing extends Partial<DaemonRequest> {
  url: string;
  /** the business's now, which the test moves */
  time?: { now: string };
}

export interface Played {
  daemon: RunningDaemon;
  /** the lines of its log, as objects */
  lines: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts a daemon in this process whose clock is the test's. It looks at the timetable every 20 ms. */
export function play({ url, time = { now: '2026-01-01T00:30:00Z' }, ...more }: Playing): Played {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = openLog({ write, format: 'json', level: 'debug' });
  const controller = new AbortController();
  const daemon = startDaemon({
    id: `test-${count++}`,
    build,
    configuration: { database: { url, home: '/nonexistent' }, timetable: effectiveTimetable() },
    log,
    notifier: openNotifier({}, log),
    watcher: logRuns(log),
    signal: controller.signal,
    clock: () => Promise.resolve(new Date(time.now)),
    pollMs: 20,
    concurrency: 3,
    leaseMs: 120_000,
    services: servicesOf,
    actor: 'tester',
    ...more,
  });
  daemon.ended.catch(() => undefined);
  return {
    daemon,
    lines,
    async stop() {
      controller.abort(new Error('the test is over'));
      await daemon.ended;
    },
  };
}

/** The URL of the database by way of a proxy. */
export function through(proxy: Proxy, url: string): string {
  const { user, password, database } = parseDatabaseUrl(url);
  return `postgres://${user}:${encodeURIComponent(password ?? '')}@127.0.0.1:${proxy.port}/${database}?sslmode=disable`;
}

/** The door of the server: its socket, or its port. */
export function doorOf(url: string): string | number {
  const { hosts, ports } = parseDatabaseUrl(url);
  return hosts[0]!.startsWith('/') ? path.join(hosts[0]!, `.s.PGSQL.${ports[0]}`) : ports[0]!;
}

export const until = (check: () => unknown, timeout = 120_000) =>
  vi.waitFor(() => check(), { timeout, interval: 15 });

/** The effective runs of a task: those that did its work to the end. */
export async function effects(sql: Connection, task: string): Promise<string[]> {
  const rows = await sql<{ at: Date }[]>`
    select scheduled_for as at from subctl.job_runs
     where task = ${task} and outcome in ('done', 'incomplete') order by scheduled_for, sequence`;
  return rows.map(({ at }) => at.toISOString().slice(0, 16));
}

export const said = (lines: readonly Record<string, unknown>[], text: RegExp) =>
  expect(lines.map(({ msg }) => msg)).toContainEqual(expect.stringMatching(text));
