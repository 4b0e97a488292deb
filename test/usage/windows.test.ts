import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();
let made = 0;

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'daily', {
    limits: { messages: { day: 3, month: 20, period: 30, lifetime: 100, rolling_3h: null } },
  });
  await plan(sql, 'bigger', { limits: { messages: { day: 10, month: 20, lifetime: 100 } } });
});

async function someone(zone: string | null, at = '2026-01-01T00:00:00Z', on = 'daily'): Promise<string> {
  const who = await customer(sql, `w${++made}`, { zone });
  await subscribe(sql, who, on, { at });
  return who;
}

const windows = (who: string) => sql<
  { window: string; start: Date; end: Date; used: string; adjusted: string }[]
>`
  select "window", window_start as start, window_end as "end", trim_scale(used)::text as used, trim_scale(adjusted)::text as adjusted
    from subctl.window_usage where customer_id = ${who} and meter_id = 'messages' and used > 0 and "window" not like 'rolling%' order by 1, 2`;

describe('R4: a day is the local day', () => {
  test.each([
    ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['Asia/Kolkata', '2026-03-08T18:30:00Z', '2026-03-08T18:30:00.000Z', '2026-03-09T18:30:00.000Z'],
    ['America/Nuuk', '2026-03-29T05:00:00Z', '2026-03-29T01:00:00.000Z', '2026-03-30T01:00:00.000Z'],
  ])('%s around %s', async (zone, at, start, end) => {
    const answer = await record(sql, { customer: await someone(zone), as_of: at });
    expect(answer.limits.find((l) => l.window === 'day')).toMatchObject({
      window_start: start,
      resets_at: end,
    });
  });
  test('a change of zone opens no second day: the day under way goes on to the first midnight of the new zone', async () => {
    const who = await someone('Europe/Berlin');
    await record(sql, { customer: who, as_of: '2026-01-10T20:00:00Z', quantity: 3 });
    await sql`update subctl.customers set timezone = 'Asia/Tokyo' where id = ${who}`;
    await sql`insert into subctl.customer_zones (customer_id, from_at, timezone) values (${who}, '-infinity', 'Europe/Berlin'), (${who}, '2026-01-10T21:00Z', 'Asia/Tokyo')`;
    await sql`update subctl.customer_windows set epoch = -1 where customer_id = ${who}`;
    const refused = await record(sql, { customer: who, as_of: '2026-01-10T22:00:00Z' });
    expect(refused).toMatchObject({
      allowed: false,
      window: 'day',
      used: '3',
      resets_at: '2026-01-11T15:00:00.000Z',
    });
    expect(await record(sql, { customer: who, as_of: '2026-01-11T14:59:59Z' })).toMatchObject({
      allowed: false,
    });
    const next = await record(sql, { customer: who, as_of: '2026-01-11T15:00:00Z' });
    expect(next.limits.find((l) => l.window === 'day')).toMatchObject({
      used: '1',
      resets_at: '2026-01-12T15:00:00.000Z',
    });
  });
});

describe('R13: late uses', () => {
  test('count in the window of their own time, which may be full', async () => {
    const who = await someone('UTC');
    await record(sql, { customer: who, as_of: '2026-01-10T12:00Z', quantity: 2 });
    await record(sql, { customer: who, as_of: '2026-01-12T12:00Z', quantity: 3 });
    const late = { customer: who, as_of: '2026-01-12T13:00Z', at: '2026-01-10T13:00Z' };
    expect((await record(sql, late)).allowed).toBe(true);
    expect(await record(sql, late)).toMatchObject({
      allowed: false,
      window: 'day',
      used: '3',
      resets_at: '2026-01-11T00:00:00.000Z',
    });
    expect(
      (await windows(who))
        .filter((w) => w.window === 'day')
        .map((w) => [w.start.toISOString().slice(0, 10), w.used]),
    ).toEqual([
      ['2026-01-10', '3'],
      ['2026-01-12', '3'],
    ]);
  });
  test('into a closed window they leave its row alone and are an adjustment that counts against the limit and alerts nobody', async () => {
    const who = await someone('UTC');
    await record(sql, { customer: who, as_of: '2026-01-10T12:00Z', quantity: 1 });
    await sql`select subctl_internal.close_windows('2026-01-12T00:00Z', array[${who}], 'c')`;
    const late = { customer: who, as_of: '2026-01-12T13:00Z', at: '2026-01-10T13:00Z' };
    expect(await record(sql, { ...late, quantity: 2 })).toMatchObject({ allowed: true, alerts: [] });
    expect(await record(sql, late)).toMatchObject({ allowed: false, window: 'day', used: '3' });
    expect((await record(sql, { ...late, already_spent: true })).overage).toBe(true);
    expect((await windows(who)).find((w) => w.window === 'day')).toMatchObject({ used: '1', adjusted: '3' });
    expect(
      await sql`select event_at, amount, reason from subctl.usage_adjustments where customer_id = ${who} and "window" = 'day' order by amount desc limit 1`,
    ).toEqual([{ event_at: new Date('2026-01-10T13:00Z'), amount: '2', reason: 'late event' }]);
  });
  test('before a reset they count in the window that the reset ended', async () => {
    const who = await someone('UTC');
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', quantity: 3 });
    await sql`insert into subctl.usage_resets (customer_id, at, cause, written_at) values (${who}, '2026-01-10T12:00Z', 'operator', '2026-01-10T12:00Z')`;
    await sql`update subctl.subscriptions set usage_reset_at = '2026-01-10T12:00Z', epoch = epoch + 1 where customer_id = ${who}`;
    expect((await record(sql, { customer: who, as_of: '2026-01-10T13:00Z', quantity: 3 })).allowed).toBe(
      true,
    );
    expect(
      await record(sql, { customer: who, as_of: '2026-01-10T14:00Z', at: '2026-01-10T09:00Z' }),
    ).toMatchObject({ allowed: false, used: '3' });
    const days = (await windows(who)).filter((w) => w.window === 'day');
    expect(
      days.map((w) => [w.start.toISOString().slice(5, 13), w.end.toISOString().slice(5, 13), w.used]),
    ).toEqual([
      ['01-10T00', '01-10T12', '3'],
      ['01-10T12', '01-11T00', '3'],
    ]);
  });
});

describe('an epoch moves windows and loses nothing', () => {
  test('another plan in mid-month, usage carried: what was counted is there again', async () => {
    const who = await someone('UTC');
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', quantity: 3 });
    await sql`update subctl.subscriptions set plan_id = 'bigger', epoch = epoch + 1 where customer_id = ${who}`;
    const foretold = await check(sql, { customer: who, as_of: '2026-01-10T09:00Z', quantity: 2 });
    const answer = await record(sql, { customer: who, as_of: '2026-01-10T09:00Z', quantity: 2 });
    expect(foretold.limits).toEqual(answer.limits);
    expect(['day', 'month', 'lifetime'].map((w) => used(answer, 'messages', w))).toEqual(['5', '5', '5']);
    await sql`update subctl.subscriptions set plan_id = 'daily', epoch = epoch + 1 where customer_id = ${who}`;
    expect(await record(sql, { customer: who, as_of: '2026-01-10T10:00Z' })).toMatchObject({
      allowed: false,
      used: '5',
      limit: '3',
    });
  });
  test('R6: a window that the new limit brings is counted from the events before it', async () => {
    const who = await someone('UTC', undefined, 'bigger');
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z', quantity: 4 });
    await plan(sql, 'bigger', { limits: { messages: { day: 10, week: 6, rolling_12h: 5 } } }, 2);
    await sql`update subctl.subscriptions set version = 2, epoch = epoch + 1 where customer_id = ${who}`;
    const shown =
      await sql`select win, trim_scale(used)::text as used from subctl.usage_limits(${who}, '2026-01-10T09:00Z') where meter_id = 'messages' order by 1`;
    expect(shown).toEqual([
      { win: 'day', used: '4' },
      { win: 'lifetime', used: '4' },
      { win: 'rolling_12h', used: '4' },
      { win: 'week', used: '4' },
    ]);
    expect(await record(sql, { customer: who, as_of: '2026-01-10T09:00Z', quantity: 2 })).toMatchObject({
      allowed: false,
      window: 'rolling_12h',
      resets_at: '2026-01-10T20:00:00.000Z',
    });
    const answer = await record(sql, { customer: who, as_of: '2026-01-10T09:00Z', quantity: 1 });
    expect(['week', 'rolling_12h'].map((w) => used(answer, 'messages', w))).toEqual(['5', '5']);
    expect(
      used(
        await record(sql, { customer: who, as_of: '2026-01-10T20:00Z', quantity: 1 }),
        'messages',
        'rolling_12h',
      ),
    ).toBe('2');
  });
  test('a renewal that is late changes nothing about what is counted', async () => {
    const who = await someone('UTC', '2026-01-15T10:00:00Z');
    await record(sql, { customer: who, as_of: '2026-02-15T09:59:59Z', quantity: 2 });
    const after = await record(sql, { customer: who, as_of: '2026-02-15T10:00:00Z', quantity: 3 });
    expect([
      used(after, 'messages', 'period'),
      used(after, 'messages', 'day'),
      used(after, 'messages', 'lifetime'),
    ]).toEqual(['3', '3', '5']);
    await sql`update subctl.subscriptions set current_period_start = '2026-02-15T10:00Z', current_period_end = '2026-03-15T10:00Z',
                usage_reset_at = '2026-02-15T10:00Z', epoch = epoch + 1 where customer_id = ${who}`;
    const renewed = await check(sql, { customer: who, as_of: '2026-02-15T11:00:00Z' });
    expect([used(renewed, 'messages', 'period'), used(renewed, 'messages', 'lifetime')]).toEqual(['3', '5']);
    const late = await record(sql, {
      customer: who,
      as_of: '2026-02-15T11:00:00Z',
      at: '2026-02-15T09:00:00Z',
    });
    expect([used(late, 'messages', 'period'), used(late, 'messages', 'day')]).toEqual(['3', '3']);
  });
  test('canceled in the middle and back on the fallback plan: a late use does not move the windows of now', async () => {
    await plan(sql, 'fallback', { isDefault: true, limits: { messages: { month: 50 } } });
    const who = await someone('UTC');
    await record(sql, { customer: who, as_of: '2026-01-10T08:00Z' });
    await sql`update subctl.subscriptions set cancel_at_period_end = true where customer_id = ${who}`;
    expect(
      used(
        await record(sql, { customer: who, as_of: '2026-02-03T00:00Z', quantity: 7 }),
        'messages',
        'month',
      ),
    ).toBe('7');
    expect(
      used(
        await record(sql, { customer: who, as_of: '2026-02-03T00:00Z', at: '2026-01-10T09:00Z' }),
        'messages',
        'day',
      ),
    ).toBe('2');
    expect(used(await record(sql, { customer: who, as_of: '2026-02-03T01:00Z' }), 'messages', 'month')).toBe(
      '8',
    );
  });
});

test('R19: without a subscription usage counts from the first of the local month on the default plan', async () => {
  const who = await customer(sql, 'nobody', { zone: 'Asia/Tokyo' });
  const answer = await record(sql, { customer: who, as_of: '2026-03-20T00:00Z', quantity: 50 });
  expect(answer.limits.find((l) => l.window === 'month')).toMatchObject({
    window_start: '2026-02-28T15:00:00.000Z',
    resets_at: '2026-03-31T15:00:00.000Z',
  });
  expect((await record(sql, { customer: who, as_of: '2026-03-31T14:59:59Z' })).allowed).toBe(false);
  expect((await record(sql, { customer: who, as_of: '2026-03-31T15:00:00Z' })).allowed).toBe(true);
});

test('R7 W20: a refusal of a rolling window says when enough has fallen out, or that the reset comes first', async () => {
  await plan(sql, 'roll', { limits: { messages: { rolling_24h: 5 } } });
  const who = await someone('UTC', '2026-01-15T10:00:00Z', 'roll');
  for (const [at, quantity] of [
    ['2026-02-14T09:00Z', 2],
    ['2026-02-14T09:00Z', 1],
    ['2026-02-14T12:00Z', 2],
  ] as const)
    await record(sql, { customer: who, as_of: at, quantity });
  const ask = async (as_of: string, quantity: number) =>
    (await check(sql, { customer: who, as_of, quantity })).resets_at;
  expect(await ask('2026-02-14T13:00Z', 3)).toBe('2026-02-15T09:00:00.000Z');
  expect(await ask('2026-02-14T13:00Z', 4)).toBe('2026-02-15T10:00:00.000Z');
  expect(await ask('2026-02-14T13:00Z', 6)).toBe(null);
});
