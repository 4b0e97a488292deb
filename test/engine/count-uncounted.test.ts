import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan } from '../usage/world.ts';
import { call, request, standing, tally } from './steps.ts';

const { sql } = await testDatabase();
const numbers: Record<string, number> = {};

/** A use that was counted in these windows of meters, as `meter window`. */
const count = (of: [string, object][], stands: object = {}, asked: object = {}) =>
  call(
    sql,
    'count_uncounted',
    request(asked),
    standing(stands),
    tally({
      counts: of.map(([name, given]) => {
        const [meter, win] = name.split(' ');
        return { meter, win, window_id: numbers[name], asked: 3, ...given };
      }),
    }),
  );
const counters = async () =>
  Object.fromEntries(
    (
      await sql`select meter_id || ' ' || "window" || case when subject = '' then '' else ' ' || subject end as of, used::float as used from subctl.usage_counters`
    ).map((row) => [row['of'] as string, row['used'] as number]),
  );

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'basic', {
    limits: { messages: { month: 10, day: 5, year: 99, rolling_2h: 9 }, tokens: { month: 10 } },
    memberLimits: { messages: { day: 3 } },
  });
  for (const row of await sql`select meter_id || ' ' || "window" as of, id from subctl.meter_windows where scope = 'customer'`)
    numbers[row['of'] as string] = row['id'] as number;
  await customer(sql, 'ann', { zone: 'UTC' });
  await sql`select subctl_internal.lock_customers(array['ann'])`;
});

/** Windows that other plans have begun: of this day and year, of tomorrow, of a member, and of another meter. */
beforeEach(async () => {
  await sql`delete from subctl.usage_adjustments`;
  await sql`delete from subctl.usage_counters`;
  await sql`
    insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used)
    values ('ann', 'messages', 'day', 'customer', '', '2026-03-10', '2026-03-11', 2), ('ann', 'messages', 'year', 'customer', '', '2026-01-01', '2027-01-01', 20),
           ('ann', 'messages', 'month', 'customer', '', '2026-04-01', '2026-05-01', 1), ('ann', 'messages', 'day', 'member', 'eve', '2026-03-10', '2026-03-11', 7),
           ('ann', 'tokens', 'month', 'customer', '', '2026-03-01', '2026-04-01', 100)`;
});
const before = {
  'messages day': 2,
  'messages year': 20,
  'messages month': 1,
  'messages day eve': 7,
  'tokens month': 100,
};

test.each<[string, [string, object][], object, object]>([
  [
    'it counts in those that contain it',
    [['messages month', {}]],
    {},
    { 'messages day': 5, 'messages year': 23 },
  ],
  [
    'not in one that was counted',
    [
      ['messages month', {}],
      ['messages day', {}],
    ],
    {},
    { 'messages year': 23 },
  ],
  [
    'once for a meter, however many of its windows were counted',
    [
      ['messages rolling_2h', { kept: 'rolling' }],
      ['messages month', {}],
    ],
    {},
    { 'messages day': 5, 'messages year': 23 },
  ],
  [
    'each meter by what it counts',
    [
      ['messages month', { asked: 0 }],
      ['tokens day', { asked: 40, window_id: -1 }],
    ],
    {},
    { 'tokens month': 140 },
  ],
  [
    'what takes back takes from them',
    [['messages month', { asked: -1 }]],
    {},
    { 'messages day': 1, 'messages year': 19 },
  ],
  [
    'of a member in the member’s, too',
    [['messages month', {}]],
    { member: 'eve' },
    { 'messages day': 5, 'messages year': 23, 'messages day eve': 10 },
  ],
  ['nothing where nothing was counted', [], {}, {}],
])('%s', async (_, of, asked, changed) => {
  await count(of, {}, asked);
  expect(await counters()).toEqual({ ...before, ...changed });
});

test.each([
  ['from its first instant', '2026-03-10T00:00:00Z', 5],
  ['not at its end', '2026-03-11T00:00:00Z', 2],
  ['not before it', '2026-03-09T23:59:59Z', 2],
])('R1: a window contains a use %s', async (_, at, used) => {
  await count([['messages month', {}]], { at });
  expect((await counters())['messages day']).toBe(used);
});

test('R13: a window that is closed stays, and an adjustment says what came late', async () => {
  await sql`update subctl.usage_counters set closed_at = '2026-03-11' where "window" = 'day' and subject = ''`;
  await count([['messages month', {}]], { is_late: true });
  expect((await counters())['messages day']).toBe(2);
  expect(
    await sql`select meter_id, "window", amount::text, reason, event_id from subctl.usage_adjustments`,
  ).toEqual([
    {
      ...{ meter_id: 'messages', window: 'day', amount: '3', reason: 'late event' },
      event_id: '019cd79e-4600-7000-8000-000000000001',
    },
  ]);
});

test('what is open and not of the plan counts, too', async () => {
  await sql`
    update subctl.customer_windows set ids = array[${numbers['tokens month']!}, ${numbers['messages year']!}]::int[], starts = '{2026-03-01,2026-01-01}', ends = '{2026-04-01,2027-01-01}', refused = '{0,0}'`;
  await sql`update subctl.usage_totals set used = '{50,60}'`;
  await count([['messages month', {}]]);
  expect(await sql`select used::text from subctl.usage_totals`).toEqual([{ used: '{50,63}' }]);
});

test.each([
  ['a late use may have begun one: later uses look, too', true, true],
  ['a use of now has not', false, false],
])('%s', async (_, is_late, looks) => {
  await sql`update subctl.customer_windows set ids = '{}', starts = '{}', ends = '{}', refused = '{}', uncounted_until = null, plan_id = 'none', version = 1`;
  await count([['messages month', {}]], { is_late });
  const [row] = await sql`select uncounted_until::text as until from subctl.customer_windows`;
  expect(row).toEqual({ until: looks ? '2027-01-01 00:00:00+00' : null });
});
