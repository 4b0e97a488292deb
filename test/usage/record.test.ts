import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { type Use, check, customer, lay, plan, record, subscribe, used } from './world.ts';

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

/** Everything that a use may write, as one text. */
async function everything(): Promise<string> {
  const tables = [
    'usage_events',
    'usage_keys',
    'usage_state',
    'usage_counters',
    'usage_marks',
    'usage_adjustments',
    'alerts',
    'credit_grants',
    'credit_entries',
    'customers',
    'members',
    'changes',
  ];
  const parts: string[] = [];
  for (const name of tables) {
    const rows = await sql.unsafe(
      `select coalesce(string_agg(t.xmin::text || t.ctid::text || t::text, ',' order by t.ctid::text), '') as x from subctl.${name} t`,
    );
    parts.push(`${name}: ${rows[0]!['x']}`);
  }
  return parts.join('\n');
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

describe('W12 R12: whole, in part, or already spent', () => {
  test('partial takes as much as fits all windows and says what was asked', async () => {
    const who = await someone();
    await record(sql, { customer: who, as_of: now, quantity: 1 });
    const part = await record(sql, { customer: who, as_of: now, quantity: 10, partial: true, key: 'p' });
    expect(part).toMatchObject({ allowed: true, partial: true, asked: '10', quantity: '2' });
    expect([used(part, 'messages', 'day'), used(part, 'messages', 'month')]).toEqual(['3', '3']);
    const again = await record(sql, { customer: who, as_of: now, quantity: 10, partial: true, key: 'p' });
    expect(again).toEqual({ ...part, replayed: true });
    expect(await record(sql, { customer: who, as_of: now, quantity: 10, partial: true })).toMatchObject({
      allowed: false,
      reason: 'limit_reached',
    });
    expect(
      await record(sql, { customer: who, as_of: '2026-03-11T12:00Z', quantity: '10.5', partial: true }),
    ).toMatchObject({ allowed: true, quantity: '2' });
  });
  test('partial does not cut what is counted by tokens', async () => {
    await plan(sql, 'tok', { limits: { tokens: { month: 100 } } });
    expect(
      await record(sql, { customer: await someone('tok'), as_of: now, input_tokens: 101, partial: true }),
    ).toMatchObject({ allowed: false });
  });
  test('what is already spent is recorded beyond the limit, as overage', async () => {
    const who = await someone();
    const answer = await record(sql, {
      customer: who,
      as_of: now,
      quantity: 7,
      already_spent: true,
      key: 'over',
    });
    expect(answer).toMatchObject({ allowed: true, overage: true });
    expect(used(answer, 'messages', 'day')).toBe('7');
    expect(
      await record(sql, { customer: who, as_of: now, quantity: 7, already_spent: true, key: 'over' }),
    ).toEqual({ ...answer, replayed: true });
    expect((await record(sql, { customer: who, as_of: now })).allowed).toBe(false);
  });
});

describe('R15: keys', () => {
  const use = {
    quantity: '1.50',
    input_tokens: 10,
    output_tokens: 5,
    provider: 'p',
    model: 'm',
    cost: '0.0300',
    key: 'k',
  };
  test('the same arguments give the same answer, byte for byte, though limits and time have moved', async () => {
    const who = await someone();
    const first = await record(sql, { customer: who, as_of: now, ...use });
    await record(sql, { customer: who, as_of: now });
    await sql`update subctl.plan_limits set limit_value = 9 where plan_id = 'gentle'`;
    const before = await everything();
    const again = await record(sql, {
      customer: who,
      as_of: '2026-04-02T00:00:00Z',
      ...use,
      quantity: '1.5',
    });
    expect(JSON.stringify(again)).toBe(JSON.stringify({ ...first, replayed: true }));
    expect(await everything()).toBe(before);
    expect(await check(sql, { customer: who, as_of: now, ...use })).toEqual(again);
  });
  test('other arguments are a conflict and change nothing', async () => {
    const who = await someone();
    await record(sql, { customer: who, as_of: now, ...use });
    const before = await everything();
    for (const other of [
      { quantity: 2 },
      { kind: 'file' },
      { model: 'n' },
      { at: now },
      { session: 's' },
      { already_spent: true },
    ])
      await expect(record(sql, { customer: who, as_of: now, ...use, ...other })).rejects.toMatchObject({
        code: 'SB008',
      });
    expect(await everything()).toBe(before);
  });
  test('a refusal consumes no key', async () => {
    const who = await someone();
    expect((await record(sql, { customer: who, as_of: now, quantity: 4, key: 'later' })).allowed).toBe(false);
    expect(
      (await record(sql, { customer: who, as_of: '2026-03-11T12:00Z', quantity: 2, key: 'later' })).allowed,
    ).toBe(true);
    for (const reason of ['in_future', 'too_old']) {
      const at = reason === 'in_future' ? '2026-03-10T12:06Z' : '2026-02-02T00:00Z';
      expect(await record(sql, { customer: who, as_of: now, at, key: reason })).toMatchObject({
        allowed: false,
        reason,
      });
    }
    expect(await sql`select key from subctl.usage_keys where customer_id = ${who}`).toEqual([
      { key: 'later' },
    ]);
  });
});

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
    const before = await everything();
    await expect(record(sql, { customer: who, as_of: now, key: 'bad', ...over })).rejects.toMatchObject({
      code: 'SB002',
    });
    expect(await everything()).toBe(before);
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

test('R16: a check writes nothing, whatever it would have to open, grant or close', async () => {
  await plan(sql, 'credited', { credits: '10', limits: { images: { day: 3, rolling_3h: 3 } } });
  const who = await someone('credited');
  await record(sql, { customer: who, kind: 'image', as_of: now });
  const before = await everything();
  for (const as_of of [now, '2026-03-11T12:00Z', '2026-04-20T00:00Z', '2026-07-01T00:00Z'])
    for (const over of [
      {},
      { quantity: 9 },
      { quantity: 9, partial: true },
      { quantity: 99, already_spent: true },
      { customer: 'nobody' },
      { customer: await someone('credited') },
    ])
      await check(sql, { customer: who, kind: 'image', as_of, ...over });
  const after = await everything();
  expect(after.replaceAll(/customers: .*|changes: .*|usage_state: .*/g, '')).toBe(
    before.replaceAll(/customers: .*|changes: .*|usage_state: .*/g, ''),
  );
});

test('a check answers what recording then does', async () => {
  const who = await someone('credited');
  for (const over of [
    {},
    { quantity: 2 },
    { quantity: 2 },
    { as_of: '2026-03-12T00:00Z', quantity: 5, partial: true },
    { as_of: '2026-03-13T00:00Z', quantity: 9, already_spent: true },
  ]) {
    const use = { customer: who, kind: 'image', as_of: now, ...over };
    const foretold = await check(sql, use);
    const { event_id, alerts, ...done } = await record(sql, use);
    expect({ ...foretold, event_id, alerts }).toEqual({ ...done, event_id, alerts });
  }
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
