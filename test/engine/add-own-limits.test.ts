import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay } from '../usage/world.ts';
import { call, request, standing } from './steps.ts';

const { sql } = await testDatabase();

/** What a plan says of two meters: five messages a month, and a thousand tokens, of one provider. */
const rules = {
  ids: [1, 2],
  meter_ids: ['messages', 'tokens'],
  wins: ['month', 'month'],
  win_kinds: ['month', 'month'],
  win_ns: [null, null],
  scopes: ['customer', 'customer'],
  lims: [5, 1000],
  modes: ['soft', 'hard'],
  fields: ['quantity', 'tokens'],
  providers: [null, 'gemini'],
  models: [null, null],
  tiers: ['paid', 'paid'],
  credits_unlimited: false,
};
const add = (at = '2026-03-10T12:00:00Z', mode = 'record') =>
  call<typeof rules>(sql, 'add_own_limits', request({ mode }), standing({ at }), ['plan_rules', rules]);
const own = (
  meter: string,
  win: string,
  value: number | null,
  starts = '2026-03-01T00:00:00Z',
  ends: string | null = null,
) => sql`
  insert into subctl.limit_overrides (customer_id, meter_id, "window", scope, limit_value, starts_at, ends_at, reason, actor)
  values ('ann', ${meter}, ${win}, 'customer', ${value}, ${starts}, ${ends}, 'test', 'tester')`;

beforeAll(async () => {
  await lay(sql);
  for (const who of ['ann', 'bob']) await customer(sql, who);
});
beforeEach(async () => void (await sql`delete from subctl.limit_overrides`));

test.each([
  ['in the place of the plan’s', 'month', 50, [50, 1000]],
  ['none is unlimited', 'month', null, [null, 1000]],
  ['less than the plan’s', 'month', 0, [0, 1000]],
])('a limit of the customer’s own stands %s', async (_, win, value, lims) => {
  await own('messages', win, value);
  const added = await add();
  expect(added).toMatchObject({ ...rules, lims });
});

test('where the plan has none for the window it stands beside, is hard and counts what the meter counts', async () => {
  await own('tokens', 'rolling_5h', 200);
  const added = await add();
  expect(added).toMatchObject({
    meter_ids: ['messages', 'tokens', 'tokens'],
    wins: ['month', 'month', 'rolling_5h'],
    win_kinds: ['month', 'month', 'rolling_hour'],
    win_ns: [null, null, 5],
    lims: [5, 1000, 200],
    modes: ['soft', 'hard', 'hard'],
    fields: ['quantity', 'tokens', 'tokens'],
    providers: [null, 'gemini', 'gemini'],
  });
  const [row] = await sql<[{ id: number }]>`
    select id from subctl.meter_windows where meter_id = 'tokens' and "window" = 'rolling_5h'`;
  expect(added.ids).toEqual([1, 2, row.id]);
});

test('a check gives a window that no plan has no number', async () => {
  await own('messages', 'every_3d', 7);
  expect((await add(undefined, 'check')).ids).toEqual([1, 2, null]);
  expect(await sql`select 1 from subctl.meter_windows where "window" = 'every_3d'`).toEqual([]);
});

test.each([
  ['before it begins', '2026-03-04T23:59:59Z', 5],
  ['from its beginning on', '2026-03-05T00:00:00Z', 50],
  ['until its end', '2026-03-19T23:59:59Z', 50],
  ['not at its end', '2026-03-20T00:00:00Z', 5],
])('it holds at the instant of the use: %s', async (_, at, limit) => {
  await own('messages', 'month', 50, '2026-03-05T00:00:00Z', '2026-03-20T00:00:00Z');
  expect((await add(at)).lims[0]).toBe(limit);
});

test('of two that hold the one that began last is meant', async () => {
  await own('messages', 'month', 50);
  await own('messages', 'month', 60, '2026-03-08T00:00:00Z');
  expect((await add()).lims).toEqual([60, 1000]);
  expect((await add('2026-03-07T00:00:00Z')).lims).toEqual([50, 1000]);
});

test('what the use does not count on is left out, and so is what is another customer’s', async () => {
  await own('images', 'month', 3);
  await sql`update subctl.limit_overrides set customer_id = 'ann'`;
  expect(await add()).toMatchObject({ ...rules, ids: [1, 2] });
  await sql`update subctl.limit_overrides set meter_id = 'messages', customer_id = 'bob'`;
  expect(await add()).toMatchObject({ ...rules, ids: [1, 2] });
});
