import { beforeAll, expect, test } from 'vitest';
import { prune } from '../../src/tasks/prune.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { sql, env } = await testDatabase();
const now = '2026-06-15T12:00:00Z';
const set = (table: string, time: string) => subctl(['retention', 'set', table, time, '--json'], { env });

beforeAll(async () => {
  await sql`select subctl_internal.ensure_partitions(${now})`;
  await sql`insert into subctl.customers (id, created_at) values ('ann', '2026-01-01')`;
  await sql`
    insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at, sent_at)
    values ('ann', 'old', 'limit', 'a', '{"said": "much"}', '2026-05-01', '2026-05-16T11:59:59Z'),
           ('ann', 'edge', 'limit', 'b', '{"said": "much"}', '2026-05-01', '2026-05-16T12:00:00Z'),
           ('ann', 'waits', 'limit', 'c', '{"said": "much"}', '2026-05-01', null)`;
  await sql`
    insert into subctl.stripe_events (id, type, created_at, received_at, payload, status)
    values ('evt_old', 'x', '2026-05-01', '2026-05-16T11:59:59Z', '{}', 'processed'), ('evt_open', 'x', '2026-05-01', '2026-01-01', '{}', 'failed'),
           ('evt_edge', 'x', '2026-05-01', '2026-05-16T12:00:00Z', '{}', 'processed')`;
});

const pruned = async () =>
  (await prune.preview(sql, { asOf: new Date(now) })).filter(
    ({ action }) => action !== 'make' && action !== 'sum',
  );

test('subctl retention list says how long each table is kept', async () => {
  const { code, stdout } = await subctl(['retention', 'list', '--json'], { env });
  const kept = Object.fromEntries(
    (JSON.parse(stdout) as { table: string; kept: string }[]).map((row) => [row.table, row.kept]),
  );
  expect([code, kept]).toEqual([
    0,
    expect.objectContaining({
      usage_events: '13 months',
      job_runs: '90 days',
      stripe_events: '90 days',
      notifications: 'for ever',
      usage_keys: '45 days',
      invoices: 'for ever',
      customers: 'until erased',
    }),
  ]);
});

test('nothing goes before it is asked for; then prune takes what is past its time, to the second', async () => {
  expect(await pruned()).toEqual([]);
  for (const table of ['notifications', 'stripe_events'])
    expect(JSON.parse((await set(table, '30d')).stdout)).toMatchObject({ table, value: '30', changed: true });
  expect(await pruned()).toMatchObject([
    { subject: 'stripe_events', action: 'delete', amount: 1 },
    { subject: 'notifications', action: 'erase', amount: 1 },
  ]);
  const done = await subctl(['prune', '--as-of', now, '--yes'], { env });
  expect(done.code, done.stderr).toBe(0);
  expect(await sql`select id from subctl.stripe_events order by id`).toEqual([
    { id: 'evt_edge' },
    { id: 'evt_open' },
  ]);
  expect(await sql`select id from subctl.notifications where payload ? 'said' order by id`).toEqual([
    { id: 'edge' },
    { id: 'waits' },
  ]);
  expect(await pruned()).toEqual([]);
});

test('what was erased is not sent again', async () => {
  const done = await subctl(['alerts', 'resend', 'ann', 'old'], { env });
  expect([done.code, done.stderr]).toEqual([4, expect.stringContaining('was erased')]);
});

test('forever is a choice for notices alone', async () => {
  expect(JSON.parse((await set('notifications', 'forever')).stdout)).toMatchObject({
    value: '0',
    before: '30',
  });
  for (const [table, time, code] of [
    ['job_runs', 'forever', 2],
    ['job_runs', '0', 2],
    ['job_runs', 'soon', 2],
    ['usage_events', '30d', 2],
    ['usage_events', '1', 4],
    ['invoices', '30d', 4],
    ['usage_keys', '30d', 4],
    ['job_run', '30d', 3],
  ] as const) {
    const done = await set(table, time);
    expect([table, time, done.code]).toEqual([table, time, code]);
  }
});
