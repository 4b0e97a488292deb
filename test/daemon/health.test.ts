import { afterAll, expect, test } from 'vitest';
import { openMetrics } from '../../src/daemon/metrics.ts';
import { healthOf } from '../../src/daemon/readiness.ts';
import { effectiveTimetable } from '../../src/scheduler/effective.ts';
import { healthRoutes } from '../../src/http/health.ts';
import { metricsRoutes } from '../../src/http/metrics.ts';
import { startServer } from '../../src/http/server.ts';
import { testDatabase } from '../support/database.ts';
import { openProxy } from '../support/proxy.ts';
import { doorOf, effects, play, build, said, through, until } from './fixture.ts';

const { sql, url } = await testDatabase();
const proxy = await openProxy(doorOf(url));
const time = { now: '2026-01-01T00:30:00Z' };
const metrics = openMetrics(() => daemon, { version: '0.1.0', node: 'v20' });
const configuration = {
  database: { url: through(proxy, url), home: '/nonexistent' },
  timetable: effectiveTimetable(),
};
const played = play({ url, configuration, time, watcher: metrics.watcher });
const { daemon } = played;
const server = await startServer({
  host: '127.0.0.1',
  port: 0,
  routes: [healthRoutes(healthOf(() => daemon, build)), metricsRoutes(metrics.source)],
});
afterAll(async () => {
  await proxy.take();
  await played.stop();
  await server.close();
  await proxy.close();
});

const get = async (path: string) => {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
/** The samples of a scrape: the name with its labels, and the value. */
const samples = (text: string) =>
  new Map(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => line.split(/ (?=\S+$)/) as [string, string]),
  );

test('J11: /healthz and /readyz answer 200 while all is well', async () => {
  await until(() => said(played.lines, /^at work$/));
  expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"ok":true,"says":null}' });
  const ready = await get('/readyz');
  expect(ready.status).toBe(200);
  expect(JSON.parse(ready.text)).toEqual({
    ok: true,
    checks: { database: { ok: true }, schema: { ok: true }, tasks: { ok: true } },
  });
});

test('J11: /metrics has each task: last success, duration, rows, failures, lateness; the outbox, parked rows, the database, the build', async () => {
  time.now = '2026-01-01T02:30:00Z';
  await until(async () => expect(await effects(sql, 'handle-renewals')).toHaveLength(1));
  await sql`insert into subctl.customers (id, created_at) values ('ann', '2026-01-01')`;
  await sql`insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at)
            values ('ann', 'n1', 'alert', 'k1', '{}', '2026-01-01T02:00:00Z')`;
  await sql`insert into subctl.parked (task, customer_id, id, reason, first_at, last_at, last_error)
            values ('check-expired', 'ann', '', 'bug', '2026-01-01', '2026-01-01', 'it broke')`;
  await sql`update subctl.jobs set enabled = false where task = 'prune'`;
  time.now = '2026-01-01T05:00:00Z';
  await until(async () => expect(await effects(sql, 'reset-credits')).toContain('2026-01-01T03:00'));
  const scrape = await get('/metrics');
  expect(scrape.type).toMatch(/^text\/plain; version=0\.0\.4/);
  const found = samples(scrape.text);
  const of = (name: string, task: string) => Number(found.get(`subctl_task_${name}{task="${task}"}`));
  expect(of('last_success_timestamp_seconds', 'handle-renewals')).toBeGreaterThan(1.7e9);
  expect(of('last_duration_seconds', 'handle-renewals')).toBeGreaterThan(0);
  expect(of('failures', 'handle-renewals')).toBe(0);
  expect(of('stale', 'handle-renewals')).toBe(0);
  expect(of('overdue_seconds', 'handle-renewals')).toBe(0);
  expect(of('enabled', 'handle-renewals')).toBe(1);
  expect(of('enabled', 'prune')).toBe(0);
  expect(of('overdue_seconds', 'prune'), 'what is paused is not late').toBe(0);
  expect(of('parked_rows', 'check-expired')).toBe(1);
  expect(of('next_due_timestamp_seconds', 'handle-renewals')).toBe(
    Date.parse('2026-01-02T02:00:00Z') / 1_000,
  );
  expect(found.get('subctl_task_last_rows{task="handle-renewals",result="done"}')).toBe('0');
  expect(found.get('subctl_outbox_unsent')).toBe('1');
  expect(found.get('subctl_outbox_oldest_seconds')).toBe('10800');
  expect(found.get('subctl_database_up')).toBe('1');
  expect(found.get('subctl_build_info{version="0.1.0",node="v20"}')).toBe('1');
  expect(Number(found.get('subctl_daemon_runs_total{task="handle-renewals",outcome="done"}'))).toBe(1);
  expect(Number(found.get('subctl_daemon_run_duration_seconds_count{task="handle-renewals"}'))).toBe(1);
  expect(Number(found.get('process_resident_memory_bytes'))).toBeGreaterThan(1e7);
});

test('J11: while the database is away the process is alive and not ready, and the metrics say only that', async () => {
  await proxy.refuse();
  await until(async () => expect((await get('/readyz')).status).toBe(503));
  await until(() => expect(daemon.outage).toBeDefined());
  const ready = JSON.parse((await get('/readyz')).text) as {
    checks: Record<string, { ok: boolean; says: string }>;
  };
  expect(ready.checks['database']).toMatchObject({
    ok: false,
    says: expect.stringContaining('database') as string,
  });
  expect(ready.checks['tasks']).toMatchObject({ ok: false });
  expect((await get('/healthz')).status).toBe(200);
  const found = samples((await get('/metrics')).text);
  expect(found.get('subctl_database_up')).toBe('0');
  expect(
    [...found.keys()].filter((name) => /^subctl_(task|outbox)/.test(name)),
    'old figures would look like news',
  ).toEqual([]);
});
