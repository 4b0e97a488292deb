import { beforeAll, describe, expect, test } from 'vitest';
import { resetCredits } from '../../src/credits/change-credits.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
let made = 0;

beforeAll(async () => {
  await lay(sql, undefined, { lora: '40', banner: '0.5', image: '1' });
  await plan(sql, 'free', { credits: '10' });
  await plan(sql, 'premium', { credits: '100' });
  await plan(sql, 'pro', { credits: '1000' });
  await plan(sql, 'keeps', { credits: '10', rollover: '4' });
  await plan(sql, 'slow', { credits: '100', creditsEvery: '1mo', every: '7d' });
});

async function someone(on: string, at = '2025-01-15T09:30:00Z', options = {}): Promise<string> {
  const who = await customer(sql, `c${++made}`);
  await subscribe(sql, who, on, { at, ...options });
  return who;
}

const balance = async (who: string, at: string) =>
  (await sql`select trim_scale(subctl_internal.credit_balance(${who}, ${at}))::text as b`)[0]!['b'] as string;
const use = (who: string, kind: string, at: string, quantity = 1) =>
  record(sql, { customer: who, kind, as_of: at, quantity });
const grant = (
  who: string,
  amount: string,
  at: string,
  { priority = 30, expires = null as string | null, key = `k${++made}` } = {},
) =>
  sql`select subctl_internal.grant_credits(${who}, ${amount}, 'adjustment', ${key}, ${priority}, ${at}, ${expires}, 'r', 'c')`;

async function books(who: string): Promise<void> {
  const [row] = await sql`
    select coalesce((select sum(amount) from subctl.credit_entries where customer_id = ${who}), 0)::float8 as ledger,
           coalesce((select sum(remaining) from subctl.credit_grants where customer_id = ${who}), 0)::float8 as left,
           coalesce((select balance_after from subctl.credit_entries where customer_id = ${who} order by id desc limit 1), 0)::float8 as last`;
  expect([row!['left'], row!['last']]).toEqual([row!['ledger'], row!['ledger']]);
}

const asOperator = (at: string, work: Parameters<typeof asTester>[1]) =>
  asTester(sql, (tx, change) => work(tx, { ...change, reason: 'asked for' }), new Date(at));

describe('credits that were begun anew by hand', () => {
  test.each([
    ['begins', undefined],
    ['goes on', 'keep'],
  ] as const)(
    'R32: end with the plan where the period %s, so that another one does not come on top of them',
    async (_, anchor) => {
      const who = await someone('premium');
      await asOperator('2025-01-20T00:00Z', (tx, change) => resetCredits(tx, change, who));
      await asOperator('2025-01-21T00:00Z', (tx, change) =>
        assignPlan(tx, change, { customer: who, plan: 'pro', when: 'now', anchor }),
      );
      expect(await balance(who, '2025-01-21T00:00Z')).toBe('1000');
      await books(who);
    },
  );
  test('are the period’s: days that are given to it bring no second grant', async () => {
    const who = await someone('premium');
    await asOperator('2025-01-20T00:00Z', (tx, change) => resetCredits(tx, change, who));
    await asOperator('2025-01-21T00:00Z', (tx, change) =>
      extendByDays(tx, change, { customer: who, days: 5 }),
    );
    expect(await balance(who, '2025-01-22T00:00Z')).toBe('100');
    expect(await balance(who, '2025-02-20T09:30Z')).toBe('100');
  });
});

describe('credits with a rhythm of their own', () => {
  const monthly = (at: string) => someone('slow', at, { every: '7d' });
  test('C12 R36: go on over the end of a shorter period, whoever writes them and when', async () => {
    const [often, once] = [await monthly('2025-01-01T00:00Z'), await monthly('2025-01-01T00:00Z')];
    await use(often, 'image', '2025-01-03T00:00Z');
    for (const day of ['2025-01-09', '2025-01-20', '2025-01-31'])
      await sql`select subctl_internal.post_due_credits(array[${often}], ${day}, 'c')`;
    expect(await balance(often, '2025-01-31T23:59Z')).toBe('99');
    expect(await balance(once, '2025-01-31T23:59Z')).toBe('100');
    expect(await balance(often, '2025-02-01T00:00Z')).toBe('100');
    await books(often);
  });
  test('end where another plan begins', async () => {
    const who = await monthly('2025-01-01T00:00Z');
    await asOperator('2025-01-03T00:00Z', (tx, change) =>
      assignPlan(tx, change, { customer: who, plan: 'premium', when: 'period-end' }),
    );
    expect(await balance(who, '2025-01-08T00:00Z')).toBe('100');
    await sql`select subctl_internal.renew_subscriptions('2025-01-09', array[${who}], 'c'), subctl_internal.post_due_credits(array[${who}], '2025-01-09', 'c')`;
    expect(await balance(who, '2025-01-09T00:00Z')).toBe('100');
    await books(who);
  });
});

describe('a change of the subscription', () => {
  test('of its status alone grants nothing twice', async () => {
    const who = await someone('premium');
    await use(who, 'lora', '2025-01-20T00:00Z');
    await sql`update subctl.subscriptions set from_at = '2025-01-25T00:00Z', epoch = epoch + 1 where customer_id = ${who}`;
    expect(await balance(who, '2025-01-26T00:00Z')).toBe('60');
    expect((await use(who, 'lora', '2025-01-26T00:00Z')).credits).toMatchObject({ balance: '20' });
    expect(await balance(who, '2025-02-15T09:30Z')).toBe('100');
  });
  test('to another plan ends its credits and gives the other’s; nothing rolls over', async () => {
    const who = await someone('keeps');
    await use(who, 'image', '2025-01-20T00:00Z');
    await sql`update subctl.credit_grants set expires_at = '2025-01-25T00:00Z' where customer_id = ${who}`;
    await sql`update subctl.subscriptions set plan_id = 'premium', from_at = '2025-01-25T00:00Z', anchor = '2025-01-25T00:00Z', current_period_start = '2025-01-25T00:00Z',
                current_period_end = '2025-02-25T00:00Z', usage_reset_at = '2025-01-25T00:00Z', epoch = epoch + 1 where customer_id = ${who}`;
    expect((await use(who, 'lora', '2025-01-26T00:00Z')).credits).toMatchObject({ balance: '60' });
    await books(who);
  });
  test('a trial’s credits end with the trial', async () => {
    const who = await customer(sql, 'trial');
    await sql`select subctl_internal.start_subscriptions(array['trial'], array['2025-01-15T00:00Z']::timestamptz[], 'premium', 1, '1mo', null, null, 'free', 14, true, null, 't', null, 'assigned', null, '2025-01-15T00:00Z', 't')`;
    await use(who, 'lora', '2025-01-16T00:00Z');
    expect([
      await balance(who, '2025-01-28T23:59Z'),
      await balance(who, '2025-01-29T00:00Z'),
      await balance(who, '2025-02-28T23:59Z'),
    ]).toEqual(['60', '100', '100']);
    await use(who, 'lora', '2025-02-10T00:00Z');
    await books(who);
  });
});

test('a grant with an expiry hides the plan’s next one from nobody', async () => {
  const who = await someone('free');
  await grant(who, '1', '2025-01-15T10:00Z', { expires: '2026-01-01T00:00Z' });
  await use(who, 'image', '2025-01-16T00:00Z', 11);
  expect(await use(who, 'image', '2025-02-15T09:30Z', 10)).toMatchObject({
    allowed: true,
    credits: { balance: '0' },
  });
});

test('R23: a grant must be positive, end after it begins and belong to somebody', async () => {
  const who = await someone('free');
  const at = '2025-01-16T00:00Z';
  for (const amount of ['0', '-1', 'NaN'])
    await expect(grant(who, amount, at)).rejects.toMatchObject({ code: 'SB002' });
  await expect(grant(who, '1', at, { expires: at })).rejects.toMatchObject({ code: 'SB002' });
  await expect(grant('nobody', '1', at)).rejects.toMatchObject({ code: 'SB003' });
  await expect(
    sql`select subctl_internal.deduct_credits('nobody', 1, ${at}, 'r', 'c')`,
  ).rejects.toMatchObject({
    code: 'SB003',
  });
  await expect(sql`select subctl_internal.deduct_credits(${who}, 11, ${at}, 'r', 'c')`).rejects.toMatchObject(
    {
      code: 'SB004',
    },
  );
  await grant(who, '1', at, { key: 'once' });
  await grant(who, '1', at, { key: 'once' });
  expect(await balance(who, at)).toBe('11');
});

test('credits already spent take what there is and never less than nothing', async () => {
  const who = await someone('free');
  const answer = await record(sql, {
    customer: who,
    kind: 'lora',
    as_of: '2025-01-16T00:00Z',
    already_spent: true,
  });
  expect(answer).toMatchObject({ allowed: true, overage: true, credits: { used: '10', balance: '0' } });
  await books(who);
});
