import { expect, test } from 'vitest';
import { prune } from '../../src/tasks/prune.ts';
import { testDatabase } from '../support/database.ts';
import { run } from './fixture.ts';

const { sql } = await testDatabase();
const january = '2026-01-15T12:00:00Z';

const partitions = async () =>
  (
    await sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
              where i.inhparent = 'subctl.usage_events'::regclass and c.relname <> 'usage_events_default' order by 1`
  ).map((row) => row['name'] as string);
const event = (at: string, customer = 'c') => sql`
  insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier)
  values (${customer}, ${at}, gen_random_uuid(), ${at}, 'message', 1, 'paid')`;
const placeOf = async (at: string) =>
  (
    await sql`select c.relname as place from subctl.usage_events e join pg_class c on c.oid = e.tableoid where e. at = ${at}`
  )[0]?.['place'];
const counter = (start: string, end: string, window: string, closed: string | null) => sql`
  insert into subctl.usage_counters (customer_id, meter_id, "window", scope, window_start, window_end, used, closed_at)
  values ('c', 'm', ${window}, 'customer', ${start}, ${end}, 1, ${closed})`;

test('DESIGN §9: partitions from last month to two years ahead; events of the default partition move into theirs, none is lost', async () => {
  await event('2026-01-15T09:00:00Z');
  await event('2026-01-31T23:59:59.999Z');
  await event('2030-06-01T00:00:00Z');
  const shown = await prune.preview(sql, { asOf: new Date(january) });
  const report = await run(sql, prune, january);
  expect(report!.rows.map(({ subject, action }) => [subject, action])).toEqual(
    shown.map(({ subject, action }) => [subject, action]),
  );
  const names = await partitions();
  expect(names).toHaveLength(26);
  expect([names[0], names.at(-1)]).toEqual(['usage_events_2025_12', 'usage_events_2028_01']);
  expect(await placeOf('2026-01-15T09:00:00Z')).toBe('usage_events_2026_01');
  expect(await placeOf('2026-01-31T23:59:59.999Z')).toBe('usage_events_2026_01');
  expect(await placeOf('2030-06-01T00:00:00Z')).toBe('usage_events_default');
  await event('2026-02-01T00:00:00Z');
  expect(await placeOf('2026-02-01T00:00:00Z')).toBe('usage_events_2026_02');
});

test('a second run changes nothing, and two at once make each partition once', async () => {
  const [before] = await sql`select count(*)::int as n from subctl.changes`;
  expect(await run(sql, prune, january)).toMatchObject({ done: 0, rows: [] });
  expect(await sql`select count(*)::int as n from subctl.changes`).toEqual([before]);
  const made = await Promise.all(
    [1, 2, 3].map(() => sql`select subctl_internal.ensure_partitions('2026-03-15') as n`),
  );
  expect(made.map(([row]) => row!['n'] as number).sort()).toEqual([0, 0, 2]);
});

test('a month beyond the retention is dropped, but not while a window that needs it is open', async () => {
  await event('2025-12-24T12:00:00Z');
  await counter('2025-12-01T00:00Z', '2026-01-01T00:00Z', 'month', null);
  await counter('-infinity', 'infinity', 'lifetime', null);
  const late = '2027-02-15T12:00:00Z'; // 13 months back begins January 2026
  const kept = await run(sql, prune, late);
  expect(kept!.notes).toEqual([
    'usage_events_2025_12 stays: 1 windows that began before its end are not closed',
  ]);
  expect(await partitions()).toContain('usage_events_2025_12');
  await sql`update subctl.usage_counters set closed_at = '2026-01-01' where "window" = 'month'`;
  const shown = await prune.preview(sql, { asOf: new Date(late) });
  expect(shown).toMatchObject([{ subject: 'usage_events_2025_12', action: 'drop' }]);
  expect(await run(sql, prune, late)).toMatchObject({
    done: 1,
    rows: [{ subject: 'usage_events_2025_12', action: 'drop' }],
  });
  expect(await partitions()).not.toContain('usage_events_2025_12');
  expect(await sql`select 1 from subctl.usage_events where at < '2026-01-01'`).toEqual([]);
  expect(await placeOf('2026-01-15T09:00:00Z')).toBe('usage_events_2026_01');
});

test('a month that a killed run had cut off is dropped by the next', async () => {
  await sql`alter table subctl.usage_events detach partition subctl.usage_events_2026_01`;
  await run(sql, prune, '2027-03-15T12:00:00Z');
  expect(await sql`select to_regclass('usage_events_2026_01') as name`).toEqual([{ name: null }]);
});

test('recording is never kept waiting: where others use the table it is left to the next run, with a note', async () => {
  let report: Awaited<ReturnType<typeof run>>;
  await sql.begin(async (other) => {
    await other`select count(*) from subctl.usage_events`;
    report = await run(sql, prune, '2027-04-15T12:00:00Z');
  });
  expect(report!.notes.join()).toMatch(/Could not drop usage_events_2026_02 now, others use the table/);
  await run(sql, prune, '2027-04-15T12:00:00Z');
  expect(await partitions()).not.toContain('usage_events_2026_02');
});

const { sql: other } = await testDatabase();

test('R15: a key goes ten days after its event became too old to be recorded, not before', async () => {
  await other`insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
            values ('c', 'old', '2026-01-01T11:59:59Z', gen_random_uuid(), gen_random_uuid()),
                   ('c', 'edge', '2026-01-01T12:00:00Z', gen_random_uuid(), gen_random_uuid())`;
  const now = '2026-02-15T12:00:00Z'; // 45 days
  await other`select subctl_internal.ensure_partitions(${now})`;
  expect(await prune.preview(other, { asOf: new Date(now) })).toMatchObject([
    { subject: 'usage_keys', amount: 1 },
  ]);
  expect(await run(other, prune, now)).toMatchObject({ done: 1 });
  expect(await other`select key from subctl.usage_keys`).toEqual([{ key: 'edge' }]);
});

test('reservations past their time expire at it; runs of more than 90 days go, the one at work stays', async () => {
  await other`insert into subctl.reservations (customer_id, id, at, expires_at, asked, held)
            values ('c', gen_random_uuid(), '2026-02-15T11:00Z', '2026-02-15T11:15Z', '{}', '{}'),
                   ('c', gen_random_uuid(), '2026-02-15T11:50Z', '2026-02-15T12:05Z', '{}', '{}')`;
  await other`update subctl.job_runs set started_at = '2025-01-01'`;
  const [runs] = await other<[{ n: number }]>`select count(*)::int as n from subctl.job_runs`;
  const report = await run(other, prune, '2026-02-15T12:00:00Z');
  expect(report!.rows).toMatchObject([
    { subject: 'reservations', action: 'expire', amount: 1 },
    { subject: 'job_runs', action: 'delete', amount: runs.n },
  ]);
  expect(await other`select status, ended_at from subctl.reservations order by at`).toEqual([
    { status: 'expired', ended_at: new Date('2026-02-15T11:15Z') },
    { status: 'held', ended_at: null },
  ]);
  expect(await other`select outcome from subctl.job_runs`).toEqual([{ outcome: 'done' }]);
});

test('R7: of running totals from before every window the newest stays', async () => {
  await other`insert into subctl.usage_rolling_totals (customer_id, meter_id, at, cum)
            values ('c', 'm', '2025-01-01', 1), ('c', 'm', '2025-01-02', 2), ('c', 'm', '2026-02-14', 3), ('d', 'm', '2025-01-01', 1)`;
  await run(other, prune, '2026-02-15T12:00:00Z');
  expect(await other`select customer_id, cum from subctl.usage_rolling_totals order by 1, 2`).toEqual([
    { customer_id: 'c', cum: '2' },
    { customer_id: 'c', cum: '3' },
    { customer_id: 'd', cum: '1' },
  ]);
});
