import { beforeAll, describe, expect, test } from 'vitest';
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
const ledger = (who: string) =>
  sql`
  select to_char(at at time zone 'UTC', 'MM-DD') as on, kind, trim_scale(amount)::text as amount, trim_scale(balance_after)::text as after
    from subctl.credit_entries where customer_id = ${who} order by id`.values();
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

test('G14: 100 pay for two at 40 and not for a third; 1,000 for exactly 25', async () => {
  const who = await someone('premium');
  const credits = [];
  for (let i = 0; i < 3; i++) credits.push((await use(who, 'lora', '2025-01-20T00:00Z')).credits);
  expect(credits).toMatchObject([
    { used: '40', balance: '60' },
    { used: '40', balance: '20' },
    { needed: '40', balance: '20' },
  ]);
  const pro = await someone('pro');
  for (let i = 0; i < 25; i++) await use(pro, 'lora', '2025-01-20T00:00Z');
  expect(await balance(pro, '2025-01-20T00:00Z')).toBe('0');
  expect(await use(pro, 'lora', '2025-01-20T00:00Z')).toMatchObject({ allowed: false, reason: 'no_credits' });
});

test('G15: halves are exact', async () => {
  const who = await someone('free');
  await use(who, 'banner', '2025-01-20T00:00Z', 3);
  expect(await balance(who, '2025-01-20T00:00Z')).toBe('8.5');
  await use(who, 'banner', '2025-01-20T00:00Z', 17);
  expect(await balance(who, '2025-01-20T00:00Z')).toBe('0');
});

describe('R16 R36: what is due counts although nobody has written it, and is written once with its true dates', () => {
  test('G9: the balance is new at the anchor’s minute of the month, not before', async () => {
    const who = await someone('premium');
    await use(who, 'lora', '2025-01-20T00:00Z');
    expect(await balance(who, '2025-02-15T09:29:59.999Z')).toBe('60');
    expect(await balance(who, '2025-02-15T09:30:00Z')).toBe('100');
    expect(await ledger(who)).toHaveLength(2);
  });
  test('G13: missed periods get each its grant and its expiry, and the balance is one grant', async () => {
    const who = await someone('premium');
    await sql`select subctl_internal.deduct_credits(${who}, 97, '2025-02-14T00:00Z', 'r', 'c')`;
    await sql`select subctl_internal.post_due_credits(array[${who}], '2025-04-20T00:00Z', 'c')`;
    expect(await ledger(who)).toEqual([
      ['01-15', 'grant', '100', '100'],
      ['02-14', 'deduct', '-97', '3'],
      ['02-15', 'expire', '-3', '0'],
      ['02-15', 'grant', '100', '100'],
      ['03-15', 'expire', '-100', '0'],
      ['03-15', 'grant', '100', '100'],
      ['04-15', 'expire', '-100', '0'],
      ['04-15', 'grant', '100', '100'],
    ]);
    expect(
      await sql`select subctl_internal.post_due_credits(array[${who}], '2025-04-20T00:00Z', 'c') as n`,
    ).toEqual([{ n: 0 }]);
    await books(who);
  });
  test('a past instant is answered from the ledger', async () => {
    const who = await someone('premium');
    await use(who, 'lora', '2025-01-20T00:00Z');
    await use(who, 'lora', '2025-02-20T00:00Z');
    expect(
      await Promise.all(
        ['2025-01-19T00:00Z', '2025-01-21T00:00Z', '2025-02-15T09:30Z', '2025-02-21T00:00Z'].map((at) =>
          balance(who, at),
        ),
      ),
    ).toEqual(['100', '60', '100', '60']);
  });
  test('G11: an anchor of the 31st resets on the last day of shorter months', async () => {
    const who = await someone('free', '2025-01-31T10:00:00Z');
    await sql`select subctl_internal.post_due_credits(array[${who}], '2025-06-01T00:00Z', 'c')`;
    const starts =
      await sql`select to_char(granted_at at time zone 'UTC', 'MM-DD HH24:MI') as at from subctl.credit_grants where customer_id = ${who} order by granted_at`;
    expect(starts.map((r) => r['at'])).toEqual([
      '01-31 10:00',
      '02-28 10:00',
      '03-31 10:00',
      '04-30 10:00',
      '05-31 10:00',
    ]);
  });
  test('the default plan’s credits come with the calendar month', async () => {
    const who = await customer(sql, 'defaulted');
    await sql`update subctl.plans set is_default = true where id = 'free'`;
    await use(who, 'image', '2025-01-20T00:00Z');
    expect([await balance(who, '2025-01-31T23:59Z'), await balance(who, '2025-02-01T00:00Z')]).toEqual([
      '9',
      '10',
    ]);
    await sql`update subctl.plans set is_default = false where id = 'free'`;
  });
});

describe('R21: burn order', () => {
  test('priority, then the soonest expiry (never last), then the oldest', async () => {
    const who = await someone('premium');
    const at = '2025-01-16T00:00Z';
    await grant(who, '5', at, { priority: 40 });
    await grant(who, '5', '2025-01-16T00:00:01Z', { priority: 10, expires: null });
    await grant(who, '5', '2025-01-16T00:00:02Z', { priority: 10, expires: '2025-01-30T00:00Z' });
    await grant(who, '5', '2025-01-16T00:00:03Z', { priority: 10, expires: '2025-01-20T00:00Z' });
    await use(who, 'image', '2025-01-17T00:00Z', 112);
    const burnt = await sql`
      select g.priority, g.expires_at, trim_scale(-e.amount)::text as n from subctl.credit_entries e join subctl.credit_grants g on g.customer_id = e.customer_id and g.id = e.grant_id
       where e.customer_id = ${who} and e.kind = 'use' order by e.id`;
    expect(
      burnt.map((b) => [
        b['priority'],
        (b['expires_at'] as Date | null)?.toISOString().slice(5, 10) ?? 'never',
        b['n'],
      ]),
    ).toEqual([
      [10, '01-20', '5'],
      [10, '01-30', '5'],
      [10, 'never', '5'],
      [20, '02-15', '97'],
    ]);
    await books(who);
  });
  test('R22: a grant is dead at its expiry, before anybody swept it', async () => {
    const who = await someone('free');
    await grant(who, '5', '2025-01-16T00:00Z', { expires: '2025-01-20T00:00Z' });
    expect([await balance(who, '2025-01-19T23:59:59Z'), await balance(who, '2025-01-20T00:00Z')]).toEqual([
      '15',
      '10',
    ]);
    expect((await use(who, 'image', '2025-01-20T00:00Z', 11)).allowed).toBe(false);
  });
});

describe('R24: rollover', () => {
  test('is the unused part up to the maximum, for one period, and does not roll again', async () => {
    const who = await someone('keeps');
    await use(who, 'image', '2025-01-20T00:00Z', 3);
    expect(await balance(who, '2025-02-15T09:30Z')).toBe('14');
    await use(who, 'image', '2025-02-20T00:00Z', 12);
    expect(await balance(who, '2025-02-20T00:00Z')).toBe('2');
    expect(await balance(who, '2025-03-15T09:30Z')).toBe('12');
    expect(await balance(who, '2025-04-15T09:30Z')).toBe('14');
    await sql`select subctl_internal.post_due_credits(array[${who}], '2025-07-20T00:00Z', 'c')`;
    await books(who);
  });
  test('over many missed periods every row is dated and the sum is right', async () => {
    const who = await someone('keeps');
    await sql`select subctl_internal.post_due_credits(array[${who}], '2026-01-20T00:00Z', 'c')`;
    expect(await balance(who, '2026-01-20T00:00Z')).toBe('14');
    await books(who);
    const order =
      await sql`select bool_and(at >= before) as ok from (select at, lag(at, 1, at) over (order by id) as before from subctl.credit_entries where customer_id = ${who}) x`;
    expect(order).toEqual([{ ok: true }]);
  });
});
