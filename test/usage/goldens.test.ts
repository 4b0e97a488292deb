import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();
const now = '2025-01-15T12:00:00Z';

beforeAll(async () => {
  await lay(sql);
});

async function onPlan(
  id: string,
  facts: Parameters<typeof plan>[2],
  at = '2025-01-01T00:00:00Z',
  zone: string | null = null,
) {
  await plan(sql, id, facts);
  await customer(sql, id, { zone });
  await subscribe(sql, id, id, { at });
  return id;
}

test('G1 R7: five messages in a rolling hour; at 11:00:00 the one of 10:00:00 has fallen out', async () => {
  const who = await onPlan('g1', { limits: { messages: { rolling_1h: 5 } } });
  for (const minute of ['00', '10', '20', '30', '40'])
    expect((await record(sql, { customer: who, as_of: `2025-01-15T10:${minute}:00Z` })).allowed).toBe(true);
  const refused = await record(sql, { customer: who, as_of: '2025-01-15T10:59:59Z' });
  expect(refused).toMatchObject({
    allowed: false,
    reason: 'limit_reached',
    meter: 'messages',
    window: 'rolling_1h',
    used: '5',
    limit: '5',
    resets_at: '2025-01-15T11:00:00.000Z',
  });
  expect(await record(sql, { customer: who, as_of: '2025-01-15T11:00:00Z' })).toMatchObject({
    allowed: true,
  });
});

test('G3 R10: 4,990 tokens of 5,000 used, 11 are refused and 10 are allowed', async () => {
  const who = await onPlan('g3', { limits: { tokens: { rolling_1h: 5000 } } });
  await record(sql, { customer: who, as_of: now, input_tokens: 4000, output_tokens: 990 });
  expect((await check(sql, { customer: who, as_of: now, input_tokens: 11 })).allowed).toBe(false);
  expect(await record(sql, { customer: who, as_of: now, input_tokens: 10 })).toMatchObject({ allowed: true });
});

test('G4: 9,950 of a term cap of 10,000 leaves no room for 100, 9,900 does', async () => {
  const who = await onPlan('g4', { limits: { tokens: { term: 10000 } } });
  await record(sql, { customer: who, as_of: now, input_tokens: 9900 });
  expect((await check(sql, { customer: who, as_of: now, input_tokens: 100 })).allowed).toBe(true);
  await record(sql, { customer: who, as_of: now, input_tokens: 50 });
  expect((await check(sql, { customer: who, as_of: now, input_tokens: 100 })).allowed).toBe(false);
});

test('G5 R28: a multiplier is exact and rounds up once an event', async () => {
  await sql`insert into subctl.models (provider, pattern, multiplier) values ('p', 'half-*', 0.5), ('p', 'more-*', 1.5)`;
  const who = await onPlan('g5', { limits: { tokens: { month: null } } });
  const first = await record(sql, {
    customer: who,
    as_of: now,
    provider: 'p',
    model: 'more-1',
    input_tokens: 101,
    cost: '0',
  });
  expect(used(first, 'tokens', 'month')).toBe('152');
  const second = await record(sql, {
    customer: who,
    as_of: now,
    provider: 'p',
    model: 'half-1',
    input_tokens: 101,
    cost: '0',
  });
  expect(used(second, 'tokens', 'month')).toBe('203');
});

test('G2 G6 R1: day, week and month contain the instant, half open, over the end of a year', async () => {
  const who = await onPlan('g6', { limits: { free_messages: { day: 9, week: 9, month: 9 } } });
  await sql`insert into subctl.models (provider, pattern, free_tier) values ('free', '*', true)`;
  const at = async (as_of: string) =>
    (await check(sql, { customer: who, as_of, provider: 'free', cost: '0' })).limits
      .filter((l) => l.meter === 'free_messages' && l.limit !== null)
      .map((l) => [l.window, l.window_start, l.resets_at]);
  expect(await at('2025-01-15T13:00:00Z')).toEqual([
    ['day', '2025-01-15T00:00:00.000Z', '2025-01-16T00:00:00.000Z'],
    ['month', '2025-01-01T00:00:00.000Z', '2025-02-01T00:00:00.000Z'],
    ['week', '2025-01-13T00:00:00.000Z', '2025-01-20T00:00:00.000Z'],
  ]);
  expect((await at('2025-12-31T23:59:59Z'))[1]).toEqual([
    'month',
    '2025-12-01T00:00:00.000Z',
    '2026-01-01T00:00:00.000Z',
  ]);
});

test('G7 R16: an allowance of free models renews with the calendar month though no task has run', async () => {
  const who = await onPlan('g7', { limits: { free_messages: { month: 500 } } }, '2025-01-10T08:00:00Z');
  const use = { customer: who, provider: 'free', model: 'any', cost: '0' };
  expect(await record(sql, { ...use, as_of: '2025-01-20T00:00:00Z', quantity: 500 })).toMatchObject({
    allowed: true,
  });
  expect(await record(sql, { ...use, as_of: '2025-01-31T23:59:59.999Z' })).toMatchObject({
    allowed: false,
    resets_at: '2025-02-01T00:00:00.000Z',
  });
  const renewed = await record(sql, { ...use, as_of: '2025-02-01T00:00:00Z' });
  expect([
    renewed.allowed,
    used(renewed, 'free_messages', 'month'),
    used(renewed, 'messages', 'period'),
  ]).toEqual([true, '1', undefined]);
});

test('G8 R4: in Tehran 20:30 UTC belongs to the next day', async () => {
  const who = await onPlan('g8', { limits: { messages: { day: 9 } } }, '2025-01-01T00:00:00Z', 'Asia/Tehran');
  const answer = await record(sql, { customer: who, as_of: '2025-01-14T20:30:00Z' });
  expect(answer.limits.find((l) => l.window === 'day')).toMatchObject({
    window_start: '2025-01-14T20:30:00.000Z',
    resets_at: '2025-01-15T20:30:00.000Z',
  });
});

test('G21 G22 R39: shares are shown with two decimals and compared exactly', async () => {
  const who = await onPlan('g22', { limits: { tokens: { month: 100000 } } });
  const first = await record(sql, { customer: who, as_of: now, input_tokens: 75234 });
  expect(first.limits.find((l) => l.meter === 'tokens')).toMatchObject({ percent: '75.23' });
  const below = await record(sql, { customer: who, as_of: now, input_tokens: 4765 });
  expect([below.limits.find((l) => l.meter === 'tokens')!.percent, below.alerts]).toEqual(['80', []]);
  expect((await record(sql, { customer: who, as_of: now, input_tokens: 1 })).alerts).toEqual([
    { meter: 'tokens', window: 'month', threshold: '80' },
  ]);
  expect(
    (await record(sql, { customer: who, as_of: now, input_tokens: 20000 })).alerts.map((a) => a.threshold),
  ).toEqual(['90', '100']);
});

test('G23: members share the group: what A and B used blocks both, another meter is untouched', async () => {
  await plan(sql, 'g23', { limits: { tokens: { month: 100000 }, voice_tokens: { month: 1000 } } });
  await customer(sql, 'team', { kind: 'group' });
  await sql`insert into subctl.members (customer_id, member_id, joined_at) values ('team', 'a', '2025-01-01Z'), ('team', 'b', '2025-01-01Z')`;
  await subscribe(sql, 'team', 'g23', { at: '2025-01-01T00:00:00Z' });
  await record(sql, { customer: 'team', member: 'a', as_of: now, input_tokens: 60000 });
  await record(sql, { customer: 'team', member: 'b', as_of: now, input_tokens: 40000 });
  for (const member of ['a', 'b'])
    expect((await record(sql, { customer: 'team', member, as_of: now, input_tokens: 1 })).allowed).toBe(
      false,
    );
  expect(
    (
      await record(sql, {
        customer: 'team',
        member: 'a',
        kind: 'tts',
        as_of: now,
        units: { characters: 250 },
      })
    ).allowed,
  ).toBe(true);
});

describe('G24 R18: speech is estimated and marked so', () => {
  test.each([
    ['stt', { bytes: 1_000_000 }, '62'],
    ['stt', { bytes: 15_999 }, '0'],
    ['tts', { characters: 5 }, '10'],
    ['tts', { characters: 250 }, '500'],
  ])('%s %o is %s tokens', async (kind, units, tokens) => {
    const who = `g24-${kind}-${tokens}`;
    await onPlan(who, {});
    const answer = await record(sql, { customer: who, kind, as_of: now, units });
    expect(used(answer, 'voice_tokens', 'period')).toBe(tokens);
    expect(await sql`select estimated from subctl.usage_events where customer_id = ${who}`).toEqual([
      { estimated: true },
    ]);
  });
});

test('G34: call 800 of 1,000 alerts, 801 to 899 do not, 900, 1,000, and 1,001 is refused; a jump writes two', async () => {
  const who = await onPlan('g34', { limits: { 'calls.gemini': { month: 1000 } } });
  const call = (quantity: number) =>
    record(sql, { customer: who, kind: 'search', provider: 'gemini', cost: '0', as_of: now, quantity });
  const thresholds = async (quantity: number) => (await call(quantity)).alerts.map((a) => a.threshold);
  expect(await thresholds(799)).toEqual([]);
  expect(await thresholds(1)).toEqual(['80']);
  expect(await thresholds(99)).toEqual([]);
  expect(await thresholds(1)).toEqual(['90']);
  expect(await thresholds(100)).toEqual(['100']);
  expect((await call(1)).allowed).toBe(false);
  const jump = await onPlan('g34-jump', { limits: { 'calls.gemini': { month: 1000 } } });
  const use = { customer: jump, kind: 'search', provider: 'gemini', cost: '0', as_of: now };
  await record(sql, { ...use, quantity: 790 });
  expect((await record(sql, { ...use, quantity: 160 })).alerts.map((a) => a.threshold)).toEqual(['80', '90']);
});

test('G35: 999,500 tokens of 1,000,000 used: 500 fit, 501 do not', async () => {
  const who = await onPlan('g35', { limits: { tokens: { month: 1_000_000 } } });
  await record(sql, { customer: who, as_of: now, input_tokens: 999_500 });
  expect((await record(sql, { customer: who, as_of: now, input_tokens: 501 })).allowed).toBe(false);
  expect(
    (await record(sql, { customer: who, as_of: now, input_tokens: 500 })).limits.find(
      (l) => l.meter === 'tokens',
    ),
  ).toMatchObject({ percent: '100', remaining: '0' });
});

test('G36: a cost cap counts the price of the coming call, also where calls are unlimited', async () => {
  const who = await onPlan('g36', { limits: { cost_usd: { month: '50.00' }, calls: { month: null } } });
  await record(sql, { customer: who, as_of: now, cost: '49.99' });
  expect(await record(sql, { customer: who, as_of: now, cost: '0.02' })).toMatchObject({
    allowed: false,
    meter: 'cost_usd',
    cost: '0.02',
  });
  expect((await record(sql, { customer: who, as_of: now, cost: '0.01' })).allowed).toBe(true);
});

test('G37: one pool over four providers is full at 500, another kind of call is free', async () => {
  const who = await onPlan('g37', { limits: { 'calls.text': { month: 500 } } });
  const call = (provider: string, quantity: number, kind = 'llm') =>
    record(sql, { customer: who, kind, provider, cost: '0', as_of: now, quantity });
  for (const [provider, n] of [
    ['gemini', 300],
    ['openai', 150],
    ['anthropic', 49],
    ['mistral', 1],
  ] as const)
    expect((await call(provider, n)).allowed).toBe(true);
  expect(await call('openai', 1)).toMatchObject({ allowed: false, meter: 'calls.text' });
  expect((await call('tavily', 1, 'search')).allowed).toBe(true);
});
