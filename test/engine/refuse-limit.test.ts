import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer } from '../usage/world.ts';
import { call, counted, measure, request, standing, tally, verdict } from './steps.ts';

const { sql } = await testDatabase();
const april = '2026-04-01T00:00:00.000Z';
const refuse = (counts: object[], { breach = 1, fits = null as number | null, quantity = 1 } = {}) =>
  call(
    sql,
    'refuse_limit',
    request(),
    standing(),
    measure({ quantity }),
    tally({ counts }),
    verdict({ breach, fits }),
  );

beforeAll(async () => void (await customer(sql, 'ann')));

test('says what was used, asked and allowed, and when the window ends', async () => {
  expect(await refuse([{ used: 8, asked: 3 }])).toMatchObject({
    ...{
      allowed: false,
      reason: 'limit_reached',
      meter: 'messages',
      window: 'month',
      used: '8',
      limit: '10',
    },
    ...{ requested: '3', resets_at: april, message: 'messages per month: 8 used of 10, 3 asked' },
  });
});

test('R11: a limit of 0 is a meter that the plan does not include', async () => {
  expect(await refuse([{ limit_value: 0 }])).toMatchObject({
    ...{ reason: 'disabled', message: 'Plan basic does not include messages', resets_at: null },
  });
});

test.each([
  ['of the limit that is named', [{ asked: 11 }], ': a use of 11 is larger than the whole limit'],
  [
    'of another',
    [
      { used: 9, asked: 2 },
      { meter: 'tokens', asked: 11 },
    ],
    ', and 11 tokens per month are more than the whole limit of 10',
  ],
])('a use that is larger than the whole limit %s never fits', async (_, counts, why) => {
  expect(await refuse(counts)).toMatchObject({
    resets_at: null,
    message: expect.stringContaining(why) as string,
  });
});

test('where a part may be taken, only a limit below the smallest part never fits', async () => {
  expect(await refuse([{ used: 10, asked: 11 }], { fits: 0, quantity: 11 })).toMatchObject({
    resets_at: april,
  });
  const small = { field: 'tokens', limit_value: 3, used: 1, asked: 40 };
  expect(await refuse([small], { fits: 0, quantity: 10 })).toMatchObject({ resets_at: null });
});

test('what others hold is said', async () => {
  expect(await refuse([{ used: 5, held: 4, asked: 2 }])).toMatchObject({
    ...{ held: '4', message: 'messages per month: 5 used of 10, 4 held, 2 asked' },
  });
});

test('R7: a rolling limit has room when enough of it has fallen out, and where others hold it when they let it go', async () => {
  const rolling = {
    ...{
      kept: 'rolling',
      win: 'rolling_2h',
      win_kind: 'rolling_hour',
      hours: 2,
      starts: '2026-03-10T10:00:00Z',
    },
    ...{ ends: null, used: 9, asked: 3 },
  };
  await sql`insert into subctl.meters (id, name) values ('messages', 'Messages')`;
  await sql`insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum) values ('ann', 'messages', '', '2026-03-10T10:30:00Z', 1), ('ann', 'messages', '', '2026-03-10T11:00:00Z', 9)`;
  const frees = (given: object) =>
    call(sql, 'limit_frees_at', request(), standing(), counted({ ...rolling, ...given }));
  expect(await frees({})).toBe('2026-03-10T13:00:00+00:00');
  expect(await frees({ asked: 2 })).toBe('2026-03-10T12:30:00+00:00');
  await sql`insert into subctl.reservations (customer_id, id, at, expires_at, asked, held, answer)
            values ('ann', gen_random_uuid(), '2026-03-10T11:30:00Z', '2026-03-10T12:10:00Z', '{}', '{"meters": {"messages": 4}}', '{}')`;
  expect(await frees({ used: 5, held: 4, asked: 3 })).toBe('2026-03-10T12:10:00+00:00');
});

test('R26: a cost that is not known is refused where a hard limit counts cost', async () => {
  const unpriced = (count: object) =>
    call<{ message: string } | null>(
      sql,
      'refuse_unpriced',
      request({ model: 'm9' }),
      standing(),
      measure({ provider: 'acme', missing_price: 'input_tokens' }),
      tally({ counts: [{ field: 'cost', meter: 'spend', ...count }] }),
    );
  expect((await unpriced({}))?.message).toBe(
    'The cost of acme m9 is not known (no price for input_tokens) and plan basic limits spend',
  );
  expect(await unpriced({ is_hard: false })).toBeNull();
  expect(await unpriced({ limit_value: null })).toBeNull();
  expect(await unpriced({ field: 'quantity' })).toBeNull();
});
