import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';
import { call, standing, tally } from './steps.ts';

const { sql } = await testDatabase();
const one = '019cd79e-4600-7000-8000-00000000000a';
const two = '019cd79e-4600-7000-8000-00000000000b';
/** Stands on a plan since an hour of the tenth. */
const from = '2026-03-10T06:00:00Z';

const restart = (
  stands: object = {},
  { has_history = true, ...found }: Record<string, unknown> = { subscription_id: one },
) =>
  call(
    sql,
    'restart_usage_tally',
    ['text', 'ann'],
    standing({ subscription_id: one, usage_from: from, epoch: 2, ...stands }),
    tally({ has_history, ids: [1], starts: [from], ends: [from], used: [1], refused: [0], ...found }),
  );

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'basic', {
    limits: { messages: { month: 10, day: 5 }, free_messages: { every_3d: 5, month: 5 } },
  });
  await plan(sql, 'other', { limits: { messages: { month: 10 } } });
  await customer(sql, 'ann', { zone: 'UTC' });
  await subscribe(sql, 'ann', 'basic', { at: '2026-03-01T00:00:00Z' });
  await sql`select subctl_internal.lock_customers(array['ann'])`;
});

/** Four windows are open, each with what was used in it. */
beforeEach(async () => {
  await sql`delete from subctl.usage_counters`;
  await sql`
    update subctl.customer_windows s set ids = o.ids, starts = o.starts, ends = o.ends, refused = '{0,0,1,0}', next_end = '2026-03-11'
      from (select array_agg(w.id order by n) as ids, array_agg(starts order by n) as starts, array_agg(ends order by n) as ends
              from (values (1, 'messages', 'month', '2026-03-01'::timestamptz, '2026-04-01'::timestamptz), (2, 'messages', 'day', '2026-03-10', '2026-03-11'),
                           (3, 'free_messages', 'every_3d', '2026-03-10', '2026-03-13'), (4, 'free_messages', 'month', '2026-03-01', '2026-04-01')) v(n, meter, win, starts, ends)
              join subctl.meter_windows w on w.meter_id = v.meter and w."window" = v.win and w.scope = 'customer') o`;
  await sql`update subctl.usage_totals set used = '{4,3,2,1}', generation = 5`;
});

const written = async () =>
  (
    await sql`
      select meter_id || ' ' || "window" as of, used::text, refused::text, to_char(window_end at time zone 'UTC', 'MM-DD HH24') as ends
        from subctl.usage_counters order by used desc`
  ).map((row) => [row['of'], row['used'], row['refused'], row['ends']]);

test('what is open is written and ends with the restart, but for what goes on over it', async () => {
  await restart();
  expect(await written()).toEqual([
    ['messages month', '4', '0', '03-10 06'],
    ['messages day', '3', '0', '03-10 06'],
    ['free_messages every_3d', '2', '1', '03-13 00'], // a free meter’s, and it holds the restart
    ['free_messages month', '1', '0', '04-01 00'], // follows no subscription
  ]);
  expect(
    await sql`select s.ids, t.used from subctl.customer_windows s join subctl.usage_totals t using (customer_id)`,
  ).toEqual([{ ids: [], used: [] }]);
});

test('of another subscription a window that follows it ends with it, a free meter’s too', async () => {
  await restart({ subscription_id: two });
  expect((await written())[2]).toEqual(['free_messages every_3d', '2', '1', '03-10 06']);
});

test('R32: where the plan goes on since before, the windows end there', async () => {
  await restart({ subscription_id: two, continues_since: '2026-03-10T03:00:00Z' });
  expect((await written()).map(([, , , ends]) => ends)).toEqual([
    '03-10 03',
    '03-10 03',
    '03-10 03',
    '04-01 00',
  ]);
});

test('the tally is of where the customer stands now, and none is open', async () => {
  expect(await restart({ subscription_id: two, plan_id: 'other', epoch: 7 })).toMatchObject({
    subscription_id: two,
    plan_id: 'other',
    version: 1,
    epoch: 7,
    ids: [],
    starts: [],
    ends: [],
    used: [],
    refused: [],
    credits_due_at: '-infinity',
    ends_moved: true,
    rules_over: true,
  });
});

test.each([
  ['the plan counts them all', 'basic', undefined, null],
  [
    'the plan does not count some: until the latest of them ends',
    'other',
    undefined,
    '2026-04-01T00:00:00+00:00',
  ],
  ['what was so before stays', 'basic', '2026-03-20T00:00:00Z', '2026-03-20T00:00:00+00:00'],
  ['the later of both', 'other', '2026-03-20T00:00:00Z', '2026-04-01T00:00:00+00:00'],
])('uses look for windows that are not counted: %s', async (_, plan_id, uncounted_until, until) => {
  expect(
    await restart({ plan_id }, { subscription_id: one, ...(uncounted_until && { uncounted_until }) }),
  ).toMatchObject({
    uncounted_until: until,
  });
});

test('the first use of all has nothing to write, and reads nothing', async () => {
  expect(await restart({}, { has_history: false, generation: 0 })).toMatchObject({ ids: [], epoch: 2 });
  expect(await written()).toEqual([]);
  await restart({}, { has_history: false, generation: 1 });
  expect(await written()).toHaveLength(4);
});
