import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();
const now = '2026-03-10T12:00:00Z';
let made = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  await sql`insert into subctl.models (provider, pattern, free_tier) values ('free', '*', true)`;
  await plan(sql, 'basic', {
    limits: { messages: { month: 5, day: 3 }, images: { month: 0 }, files: { month: null } },
  });
});

async function someone(
  on: string | null = 'basic',
  options: Parameters<typeof customer>[2] = {},
): Promise<string> {
  const who = await customer(sql, `c${++made}`, options);
  if (on) await subscribe(sql, who, on, { at: '2026-03-01T00:00:00Z' });
  return who;
}

describe('R11: null is unlimited, 0 is disabled, absent is counted', () => {
  test('0 refuses the first use as disabled', async () => {
    expect(await record(sql, { customer: await someone(), kind: 'image', as_of: now })).toMatchObject({
      allowed: false,
      reason: 'disabled',
      limit: '0',
      meter: 'images',
    });
  });
  test('null never refuses and has no percentage', async () => {
    const answer = await record(sql, {
      customer: await someone(),
      kind: 'file',
      quantity: '1000000',
      as_of: now,
    });
    expect(answer.limits.find((l) => l.window === 'month')).toMatchObject({
      used: '1000000',
      limit: null,
      percent: null,
      remaining: null,
    });
  });
  test('a meter that the plan does not name is counted per period', async () => {
    const answer = await record(sql, { customer: await someone(), input_tokens: 7, as_of: now });
    expect(answer.limits.find((l) => l.meter === 'tokens')).toMatchObject({
      window: 'period',
      used: '7',
      limit: null,
    });
  });
});

describe('which limit decides', () => {
  test('R8: all count, the one with the least room is named, all that are exceeded are marked', async () => {
    const who = await someone();
    await record(sql, { customer: who, as_of: now, quantity: 3 });
    const refused = await record(sql, { customer: who, as_of: now, quantity: 3 });
    expect(refused).toMatchObject({
      reason: 'limit_reached',
      meter: 'messages',
      window: 'day',
      used: '3',
      limit: '3',
      requested: '3',
      resets_at: '2026-03-11T00:00:00.000Z',
    });
    expect(refused.limits.filter((l) => l.exceeded).map((l) => l.window)).toEqual(['day', 'month']);
  });
  test('R12: a refused use counts nowhere but as refused of the limit that blocked it', async () => {
    const who = await someone();
    await record(sql, { customer: who, as_of: now, quantity: 4 });
    const rows =
      await sql`select meter_id, "window", used, refused from subctl.window_usage where customer_id = ${who} and (used > 0 or refused > 0)`;
    expect(rows).toEqual([{ meter_id: 'messages', window: 'day', used: '0', refused: '1' }]);
    expect(await sql`select 1 from subctl.usage_events where customer_id = ${who}`).toHaveLength(0);
  });
  test('soft and overage limits are passed, and the answer says so', async () => {
    await plan(sql, 'gentle', {
      limits: { messages: { month: [2, 'soft'] }, files: { month: [1, 'overage'] } },
    });
    const who = await someone('gentle');
    expect(await record(sql, { customer: who, as_of: now, quantity: 2 })).not.toHaveProperty('overage');
    expect(await record(sql, { customer: who, as_of: now })).toMatchObject({ allowed: true, overage: true });
    expect(await record(sql, { customer: who, kind: 'file', quantity: 2, as_of: now })).toMatchObject({
      allowed: true,
      overage: true,
    });
  });
  test('W13: free models count on their own meters and never on the paid ones', async () => {
    const who = await someone();
    await record(sql, { customer: who, as_of: now, quantity: 3 });
    const free = await record(sql, {
      customer: who,
      provider: 'free',
      model: 'm',
      cost: '0',
      as_of: now,
      quantity: 9,
    });
    expect([free.allowed, used(free, 'free_messages', 'period'), used(free, 'messages', 'day')]).toEqual([
      true,
      '9',
      undefined,
    ]);
  });
  test('P14: models outside the plan are refused, free ones are open to all', async () => {
    await plan(sql, 'narrow', { allowedModels: ['gpt-4*', 'acme/*'] });
    const who = await someone('narrow');
    const use = { customer: who, as_of: now, cost: '0' };
    expect(await record(sql, { ...use, provider: 'openai', model: 'gpt-5' })).toMatchObject({
      allowed: false,
      reason: 'model_not_in_plan',
    });
    expect((await record(sql, { ...use, provider: 'openai', model: 'gpt-4o' })).allowed).toBe(true);
    expect((await record(sql, { ...use, provider: 'acme', model: 'x' })).allowed).toBe(true);
    expect((await record(sql, { ...use, provider: 'free', model: 'x' })).allowed).toBe(true);
  });
  test('`each` caps one event, `session` one conversation', async () => {
    await plan(sql, 'capped', { limits: { file_bytes: { each: 1000 }, files: { session: 2 } } });
    const who = await someone('capped');
    const file = { customer: who, kind: 'file', as_of: now };
    expect(await record(sql, { ...file, units: { bytes: 1001 } })).toMatchObject({
      allowed: false,
      meter: 'file_bytes',
      window: 'each',
      resets_at: null,
    });
    for (let i = 0; i < 2; i++)
      expect((await record(sql, { ...file, units: { bytes: 1000 }, session: 's1' })).allowed).toBe(true);
    expect(await record(sql, { ...file, session: 's1' })).toMatchObject({
      allowed: false,
      window: 'session',
      limit: '2',
    });
    expect((await record(sql, { ...file, session: 's2' })).allowed).toBe(true);
  });
  test('a member has a limit of its own below the group’s, in calendar and in rolling windows', async () => {
    await plan(sql, 'team', {
      limits: { messages: { month: 10 } },
      memberLimits: { messages: { month: 4, rolling_1h: 2 } },
    });
    const who = await someone('team', { kind: 'group' });
    await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${who}, 'a', '2026-01-01Z'), (${who}, 'b', '2026-01-01Z')`;
    const say = (member: string, minute: string) =>
      record(sql, { customer: who, member, quantity: 2, as_of: `2026-03-10T${minute}Z` });
    expect((await say('a', '10:00')).allowed).toBe(true);
    expect(await say('a', '10:30')).toMatchObject({
      allowed: false,
      scope: 'member',
      window: 'rolling_1h',
      resets_at: '2026-03-10T11:00:00.000Z',
    });
    expect((await say('b', '10:31')).allowed).toBe(true);
    expect((await say('a', '11:00')).allowed).toBe(true);
    expect(await say('a', '13:00')).toMatchObject({
      allowed: false,
      scope: 'member',
      window: 'month',
      used: '4',
    });
    expect(
      await sql`select subject, used from subctl.usage_limits(${who}, '2026-03-10T13:00Z') where win = 'month' and scope = 'member'`,
    ).toEqual([
      { subject: 'a', used: '4' },
      { subject: 'b', used: '2' },
    ]);
  });
  test('a customer’s own limit stands in for the plan’s, or beside it', async () => {
    const who = await someone();
    await sql`insert into subctl.limit_overrides (customer_id, meter_id, "window", starts_at, limit_value, reason, actor) values
      (${who}, 'messages', 'day', '2026-03-10T10:00Z', 4, 'r', 'a'), (${who}, 'messages', 'week', '2026-03-10T10:00Z', 4, 'r', 'a')`;
    await sql`update subctl.customers set has_overrides = true where id = ${who}`;
    expect(await check(sql, { customer: who, as_of: '2026-03-10T09:59Z', quantity: 4 })).toMatchObject({
      allowed: false,
      limit: '3',
    });
    expect((await record(sql, { customer: who, as_of: now, quantity: 4 })).allowed).toBe(true);
    expect(await record(sql, { customer: who, as_of: '2026-03-11T12:00Z' })).toMatchObject({
      allowed: false,
      window: 'week',
      limit: '4',
    });
  });
});
