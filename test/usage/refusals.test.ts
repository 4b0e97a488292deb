import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { type Use, check, customer, everything, lay, plan, record, subscribe, used } from './world.ts';

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

describe('what is refused before any limit', () => {
  test.each([
    ['R14 more than five minutes ahead', { at: '2026-03-10T12:05:00.001Z' }, 'in_future'],
    ['R13 older than 35 days', { at: '2026-02-03T11:59:59Z' }, 'too_old'],
    ['R20 unknown member', { member: 'nobody' }, 'no_member'],
    ['unknown customer', { customer: 'nobody' }, 'no_customer'],
  ])('%s', async (_, over, reason) => {
    const use: Use = { customer: await someone(), as_of: now, ...over };
    expect(await record(sql, use)).toMatchObject({ allowed: false, reason, event_id: null });
    expect(await check(sql, use)).toMatchObject({ allowed: false, reason });
  });
  test('R19: no subscription and no default plan', async () => {
    expect(await record(sql, { customer: await someone(null), as_of: now })).toMatchObject({
      allowed: false,
      reason: 'no_subscription',
    });
  });
  test('a disabled customer', async () => {
    const who = await someone();
    await sql`update subctl.customers set disabled_at = '2026-03-05T00:00Z' where id = ${who}`;
    expect(await record(sql, { customer: who, as_of: now })).toMatchObject({
      allowed: false,
      reason: 'disabled',
    });
  });
  test('a paused subscription; what was spent nevertheless is recorded', async () => {
    const who = await someone();
    await sql`update subctl.subscriptions set status = 'paused', paused_at = '2026-03-05T00:00Z', from_at = '2026-03-05T00:00Z' where customer_id = ${who}`;
    expect(await record(sql, { customer: who, as_of: now })).toMatchObject({
      allowed: false,
      reason: 'paused',
    });
    expect(await record(sql, { customer: who, as_of: now, already_spent: true })).toMatchObject({
      allowed: true,
    });
  });
  test('R26: an unpriced call is refused where a hard cost limit applies, else counted and parked', async () => {
    await plan(sql, 'dear', { limits: { cost_usd: { month: 10 } } });
    const call = { provider: 'unheard', model: 'of', input_tokens: 5, as_of: now };
    expect(await record(sql, { customer: await someone('dear'), ...call })).toMatchObject({
      allowed: false,
      reason: 'unpriced',
    });
    const who = await someone();
    const counted = await record(sql, { customer: who, ...call });
    expect(counted).toMatchObject({ allowed: true, unpriced: true, cost: null });
    expect(used(counted, 'tokens', 'period')).toBe('5');
    expect(await record(sql, { customer: who, ...call, status: 'error' })).toMatchObject({
      allowed: true,
      unpriced: false,
      cost: null,
    });
  });
});

describe('input that is none', () => {
  test.each([
    ['a negative quantity', { quantity: -1 }],
    ['NaN', { quantity: 'NaN' }],
    ['infinity', { quantity: 'Infinity' }],
    ['negative tokens', { input_tokens: -1 }],
    ['more cached than input tokens', { input_tokens: 5, cached_tokens: 6 }],
    ['a negative cost', { cost: '-0.01' }],
    ['a negative unit', { units: { bytes: -5 } }],
    ['a unit that is no number', { units: { bytes: 'many' } }],
    ['an unknown kind', { kind: 'telepathy' }],
  ])('%s is SB002 and leaves nothing', async (_, over) => {
    const who = await someone();
    const before = await everything(sql);
    await expect(record(sql, { customer: who, as_of: now, key: 'bad', ...over })).rejects.toMatchObject({
      code: 'SB002',
    });
    expect(await everything(sql)).toBe(before);
  });
  test('a null quantity is 1, a null already_spent is no', async () => {
    const who = await someone();
    const rows =
      await sql`select subctl.record_usage(customer => ${who}, kind => 'llm', as_of => ${now}, quantity => null, already_spent => null, partial => null) as a`;
    expect(used(rows[0]!['a'], 'messages', 'day')).toBe('1');
    const blocked =
      await sql`select subctl.record_usage(customer => ${who}, kind => 'llm', as_of => ${now}, quantity => 9, already_spent => null) as a`;
    expect(blocked[0]!['a'].allowed).toBe(false);
  });
  test('a quantity may be a fraction and is exact', async () => {
    const who = await someone();
    let last;
    for (let i = 0; i < 25; i++)
      last = await record(sql, { customer: who, kind: 'file', quantity: '0.03', as_of: now });
    expect(used(last!, 'files', 'month')).toBe('0.75');
  });
});

describe('auto_create and members.auto_add', () => {
  test('an unknown customer gets the default plan on first use; a check says so and makes nobody', async () => {
    await plan(sql, 'everyone', { isDefault: true, limits: { messages: { month: 2 } }, credits: '3' });
    await sql`update subctl.settings set value = 'true' where key = 'auto_create'`;
    expect(await check(sql, { customer: 'new', as_of: now, quantity: 2 })).toMatchObject({ allowed: true });
    expect(await check(sql, { customer: 'new', kind: 'image', as_of: now })).toMatchObject({
      allowed: true,
      credits: { used: '2', balance: '1' },
    });
    expect(await sql`select 1 from subctl.customers where id = 'new'`).toHaveLength(0);
    expect(await record(sql, { customer: 'new', as_of: now, quantity: 2, key: 'k' })).toMatchObject({
      allowed: true,
    });
    expect(await record(sql, { customer: 'new', as_of: now, quantity: 2, key: 'k' })).toMatchObject({
      replayed: true,
    });
    expect(await record(sql, { customer: 'new', as_of: now })).toMatchObject({
      allowed: false,
      resets_at: '2026-04-01T00:00:00.000Z',
    });
    const named = { customer: 'newer', as_of: now, model: 'gpt-4o', input_tokens: 5, key: 'k' };
    expect(await record(sql, named)).toMatchObject({ allowed: true, replayed: false });
    expect(await record(sql, named)).toMatchObject({ allowed: true, replayed: true });
    await sql`update subctl.settings set value = 'false' where key = 'auto_create'`;
  });
  test('R20: an unknown member is seated while there are seats', async () => {
    await plan(sql, 'seats', { seats: 1 });
    const who = await someone('seats', { kind: 'group' });
    await sql`update subctl.settings set value = 'true' where key = 'members.auto_add'`;
    expect((await check(sql, { customer: who, member: 'a', as_of: now })).allowed).toBe(true);
    expect(await sql`select 1 from subctl.members where customer_id = ${who}`).toHaveLength(0);
    expect((await record(sql, { customer: who, member: 'a', as_of: now })).allowed).toBe(true);
    expect(await record(sql, { customer: who, member: 'b', as_of: now })).toMatchObject({
      allowed: false,
      reason: 'no_member',
    });
    await sql`update subctl.settings set value = 'false' where key = 'members.auto_add'`;
  });
});

test('a refusal names what was given, and nothing that was not', async () => {
  await expect(
    sql`select subctl.record_usage(customer => 'anyone', kind => 'llm', input_tokens => -1)`,
  ).rejects.toThrow(/^Tokens and cost must be zero or more: input -1$/);
  const who = await someone();
  await expect(
    sql`select subctl.record_plain_use(${who}, null, as_of => '2026-03-10T00:00:00Z')`,
  ).rejects.toThrow(/^A use needs a kind: the kinds are /);
});
