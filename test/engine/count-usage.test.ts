import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer } from '../usage/world.ts';
import { call, measure, request, standing, tally } from './steps.ts';

const { sql } = await testDatabase();
const month = { starts: '2026-03-01T00:00:00+00:00', ends: '2026-04-01T00:00:00+00:00' };
const rules = {
  ...{
    canonical: 'llm',
    ids: [5],
    meter_ids: ['messages'],
    wins: ['month'],
    win_kinds: ['month'],
    win_ns: [null],
  },
  ...{
    scopes: ['customer'],
    lims: [10],
    modes: ['hard'],
    fields: ['quantity'],
    providers: [null],
    models: [null],
  },
  tiers: [null],
};
const open = { ids: [5], starts: [month.starts], ends: [month.ends], used: [4], refused: [0] };

interface Counted {
  counts: Record<string, unknown>[];
  [key: string]: unknown;
}
const count = (asked = {}, plan = {}, windows: object = open, at = {}) =>
  call<Counted>(
    sql,
    'count_usage',
    request(asked),
    standing(at),
    measure(asked),
    ['plan_rules', { ...rules, ...plan }],
    tally({ ...windows }),
  );

beforeAll(async () => {
  await sql`insert into subctl.meters (id, name) values ('messages', 'Messages')`;
  await customer(sql, 'ann', { zone: 'UTC' });
});

test('a use is counted in the window that is open in the row', async () => {
  const told = await count({ quantity: 3 });
  expect(told.counts).toEqual([
    expect.objectContaining({ kept: 'slot', slot: 1, used: 4, asked: 3, ...month }),
  ]);
  expect(told).toMatchObject({ is_exceeded: false, ends_moved: false, used: [4] });
});

test('R10: the limit that has no room is seen', async () => {
  expect(await count({ quantity: 6 })).toMatchObject({ is_exceeded: false });
  expect(await count({ quantity: 7 })).toMatchObject({ is_exceeded: true });
});

test.each([
  ['another provider', { providers: ['|acme|'] }, { provider: 'other' }],
  ['no provider', { providers: ['|acme|'] }, {}],
  ['another model', { models: ['|m1|'] }, { provider: 'acme', model: 'm2' }],
  ['the other tier', { tiers: ['free'] }, {}],
  ['no member', { scopes: ['member'] }, {}],
  ['no session', { win_kinds: ['session'], wins: ['session'] }, {}],
])('a limit does not count a use of %s', async (_, plan, asked) => {
  expect((await count(asked, plan)).counts).toEqual([]);
});

test('a model counts in any case of letters, and a meter’s own id whatever its tier', async () => {
  expect((await count({ model: 'M1' }, { models: ['|m1|'] })).counts).toHaveLength(1);
  expect((await count({}, { tiers: ['free'], canonical: 'messages' })).counts).toHaveLength(1);
});

test('a window that begins takes its place in the row, and the one before becomes a row of its own', async () => {
  const before = { ...open, starts: ['2026-02-01T00:00:00Z'], ends: [month.starts], refused: [2] };
  const told = await count({}, {}, before);
  expect(told).toMatchObject({ used: [0], refused: [0], ends_moved: true, rules_over: true });
  expect(told.counts).toEqual([expect.objectContaining({ kept: 'slot', slot: 1, used: 0, ...month })]);
  const rows = await sql`select used, refused from subctl.usage_counters where customer_id = 'ann'`;
  expect(rows).toEqual([{ used: '4', refused: '2' }]);
  await sql`delete from subctl.usage_counters`;
});

test('a window that is not there yet is opened in a new place; a check opens none', async () => {
  const none = { ids: [], starts: [], ends: [], used: [], refused: [] };
  expect(await count({}, {}, none)).toMatchObject({ ids: [5], used: [0] });
  const seen = await count({ mode: 'check' }, {}, none);
  expect(seen.ids).toEqual([]);
  expect(seen.counts).toEqual([expect.objectContaining({ kept: 'row', slot: null, used: 0, ...month })]);
});

test('each use stands alone', async () => {
  const each = await count({ quantity: 3 }, { ids: [6], win_kinds: ['each'], wins: ['each'] });
  expect(each.counts).toEqual([expect.objectContaining({ kept: 'none', used: 0, starts: null, ends: null })]);
});

test('R13: a late use counts in the window of its own time, a closed one with what was adjusted', async () => {
  const late = {
    at: '2026-02-10T00:00:00Z',
    is_late: true,
    period_start: '2026-02-01T00:00:00Z',
    period_end: month.starts,
    usage_from: '2026-02-01T00:00:00Z',
  };
  const february = { kept: 'row', starts: '2026-02-01T00:00:00+00:00', ends: month.starts };
  expect((await count({}, {}, open, late)).counts).toEqual([
    expect.objectContaining({ ...february, used: 0 }),
  ]);
  await sql`insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, closed_at)
            values ('ann', 'messages', 'month', 'customer', '', '2026-02-01', '2026-03-01', 6, '2026-03-02')`;
  await sql`insert into subctl.usage_adjustments (customer_id, id, meter_id, "window", scope, subject, window_start, event_at, amount, recorded_at, reason)
            values ('ann', gen_random_uuid(), 'messages', 'month', 'customer', '', '2026-02-01', '2026-02-03', 1.5, '2026-03-03', 'late event')`;
  const closed = { ...february, used: 7.5, is_closed: true };
  expect((await count({}, {}, open, late)).counts).toEqual([expect.objectContaining(closed)]);
});
