import { beforeAll, describe, expect, test } from 'vitest';
import { addMember } from '../../src/customers/add-member.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe, used } from '../usage/world.ts';

const { sql } = await testDatabase();
const now = '2025-01-15T12:00:00.000Z';

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'plain', { limits: { messages: { month: 5 } } });
  await plan(sql, 'ten', { seats: '10' as never });
  await plan(sql, 'five', { seats: '5' as never });
  await plan(sql, 'days', { every: '30d', fallback: 'none' });
});

describe('R14: what lies ahead', () => {
  test('five minutes of a clock that goes fast are borne, and not a millisecond more; a refusal counts nothing and keeps no key', async () => {
    const who = await customer(sql, 'ahead');
    await subscribe(sql, who, 'plain', { at: '2025-01-01T00:00:00Z' });
    const [inTime, tooFar] = ['2025-01-15T12:05:00.000Z', '2025-01-15T12:05:00.001Z'];
    expect((await record(sql, { customer: who, as_of: now, at: inTime })).allowed).toBe(true);
    const use = { customer: who, as_of: now, at: tooFar, key: 'k' };
    expect(await check(sql, use)).toMatchObject({ allowed: false, reason: 'in_future' });
    expect(await record(sql, use)).toMatchObject({ allowed: false, reason: 'in_future' });
    const later = await record(sql, { ...use, as_of: '2025-01-15T12:00:00.001Z' });
    expect(later).toMatchObject({ allowed: true, replayed: false });
    expect(used(later, 'messages', 'month')).toBe('2');
  });
});

describe('R17: a check that cannot ask refuses', () => {
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
  test.each([
    ['usage', 'check', 'ann', '--kind', 'llm'],
    ['can-use', 'ann', 'api_access'],
    ['usage', 'record', 'ann', '--kind', 'llm'],
  ])('%s %s says neither yes nor no: exit 6, nothing on stdout', async (...line) => {
    const { code, stdout, stderr } = await subctl(line, { env });
    expect([code, stdout]).toEqual([6, '']);
    expect(stderr).toContain('cannot be reached');
  });
});

test('G26 R20: ten seats hold no eleventh member, and a plan of five takes no group of ten', async () => {
  const team = await customer(sql, 'team', { kind: 'group' });
  await subscribe(sql, team, 'ten', { at: '2025-01-01T00:00:00Z' });
  const seat = (n: number) =>
    asTester(
      sql,
      (tx, change) => addMember(tx, change, { customer: team, member: `m${n}`, role: 'member' }),
      new Date(now),
    );
  for (let n = 1; n <= 10; n += 1) await seat(n);
  await expect(seat(11)).rejects.toMatchObject({ kind: 'refused' });
  const down = asTester(
    sql,
    (tx, change) => assignPlan(tx, change, { customer: team, plan: 'five', when: 'now' }),
    new Date(now),
  );
  await expect(down).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('has 10: m1') as string,
  });
});

describe('G43: thirty days are thirty days', () => {
  const startOf = async (anchor: string, every: string, k: number) =>
    (
      await sql`select subctl_internal.iso(subctl_internal.period_start(${anchor}, ${every}, ${k}, 'UTC')) as at`
    )[0]!['at'] as string;
  test('from 1 January to 31 January to 2 March; 365 days from 29 February 2024 are 28 February 2025', async () => {
    expect(await startOf('2025-01-01T00:00Z', '30d', 1)).toBe('2025-01-31T00:00:00.000Z');
    expect(await startOf('2025-01-01T00:00Z', '30d', 2)).toBe('2025-03-02T00:00:00.000Z');
    expect(await startOf('2024-02-29T00:00Z', '365d', 1)).toBe('2025-02-28T00:00:00.000Z');
  });
  test('R36: a renewal of 2 March that is written on 5 March begins on 2 March', async () => {
    const who = await customer(sql, 'late');
    await subscribe(sql, who, 'days', { at: '2025-01-31T00:00:00Z', every: '30d' });
    await sql`select subctl_internal.renew_subscriptions('2025-03-05T09:00:00Z', array[${who}], 'late')`;
    const [period] =
      await sql`select subctl_internal.iso(current_period_start) as start, subctl_internal.iso(current_period_end) as "end" from subctl.subscriptions where customer_id = ${who}`;
    expect(period).toEqual({ start: '2025-03-02T00:00:00.000Z', end: '2025-04-01T00:00:00.000Z' });
  });
});

test('G44 R1: a subscription that ends on 2 March at midnight is active a second before and expired then', async () => {
  const who = await customer(sql, 'ends');
  await subscribe(sql, who, 'days', { at: '2025-01-31T00:00:00Z', every: '30d', autoRenew: false });
  const at = async (instant: string) =>
    (await sql`select status, access from subctl_internal.effective_subscription(${who}, ${instant})`)[0];
  expect(await at('2025-03-01T23:59:59Z')).toEqual({ status: 'active', access: true });
  expect(await at('2025-03-02T00:00:00Z')).toEqual({ status: 'expired', access: false });
});
