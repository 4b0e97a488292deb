import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay } from '../usage/world.ts';
import { call, counted, standing, tally } from './steps.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
const find = (
  given: object = {},
  {
    stands = {},
    found = { has_history: true },
  }: { stands?: object; found?: { has_history?: boolean; has_holds?: boolean } } = {},
) =>
  call(
    sql,
    'find_rolling_window',
    ['text', 'ann'],
    standing({ usage_from: '-infinity', ...stands }),
    tally(found),
    counted({ win: 'rolling_2h', win_kind: 'rolling', hours: 2, kept: null, ...given }),
  );

beforeAll(async () => {
  await lay(sql, { messages: { kinds: ['llm'], tier: 'paid' } });
  await customer(sql, 'ann', { zone: 'UTC' });
});

/** Running totals, what was used up to and with each instant, and the events that they are of. */
beforeEach(async () => {
  await sql`delete from subctl.usage_events`;
  await sql`
    insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier)
    select 'ann', at, gen_random_uuid(), at, 'llm', quantity, 'paid'
      from (values ('2026-03-10T09:00Z'::timestamptz, 3), ('2026-03-10T10:00Z', 2), ('2026-03-10T11:30Z', 4)) e(at, quantity)`;
  await sql`delete from subctl.usage_rolling_totals`;
  await sql`
    insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
    values ('ann', 'messages', '', '2026-03-10T09:00Z', 3), ('ann', 'messages', '', '2026-03-10T10:00Z', 5),
           ('ann', 'messages', '', '2026-03-10T11:30Z', 9)`;
});

test.each([
  ['R7: what is exactly as old as the window has left it', noon, 4],
  ['R7: a microsecond earlier it is still in it', '2026-03-10T11:59:59.999999Z', 6],
  ['a use at the instant of the window is in it', '2026-03-10T11:30:00Z', 6],
  ['nothing is in a window that begins with the last use', '2026-03-10T13:30:00Z', 0],
])('%s', async (_, at, used) => {
  const window = await find({}, { stands: { at, now: at } });
  expect(window).toMatchObject({ used, kept: 'rolling', ends: null, has_later: false });
  const begins = new Date(Date.parse(at.replace(/\d{3}Z$/, 'Z')) - 7_200_000);
  expect(Date.parse(window['starts'] as string)).toBe(begins.getTime());
});

test.each([
  ['R7: a meter that restarts counts from the restart', { restarts: true }, 4],
  ['a free meter goes on over it', { restarts: false }, 6],
])('%s', async (_, given, used) => {
  const stands = { at: '2026-03-10T11:45:00Z', usage_from: '2026-03-10T10:30:00Z' };
  expect(await find(given, { stands })).toMatchObject({ used });
});

test('R13: before uses that are there already it is the fullest window that contains it', async () => {
  // (08:30, 10:30] holds 5, (09:30, 11:30] holds 6, and (10:30, 12:30] 4
  expect(await find({}, { stands: { at: '2026-03-10T10:30:00Z' } })).toMatchObject({
    has_later: true,
    used: 6,
    starts: '2026-03-10T09:30:00+00:00',
  });
});

test('what others hold after it may make a later window the fullest', async () => {
  await sql`
    insert into subctl.reservations (customer_id, id, at, expires_at, asked, held)
    values ('ann', gen_random_uuid(), '2026-03-10T12:15Z', '2026-03-10T13:00Z', '{"kind": "llm"}', '{"meters": {"messages": 5}}')`;
  expect(await find({}, { found: { has_history: true, has_holds: true } })).toMatchObject({
    used: 4,
    starts: '2026-03-10T10:15:00+00:00',
  });
  expect(await find()).toMatchObject({ used: 4, starts: '2026-03-10T10:00:00+00:00' });
  await sql`delete from subctl.reservations`;
});

test('a member has totals of their own, and who has used nothing has none to read', async () => {
  expect(await find({ scope: 'member', subject: 'eve' })).toMatchObject({ used: 0 });
  expect(await find({}, { found: { has_history: false } })).toMatchObject({ used: 0, kept: 'rolling' });
});
