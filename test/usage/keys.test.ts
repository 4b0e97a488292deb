import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { check, customer, everything, lay, plan, record, subscribe, used } from './world.ts';

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
    const before = await everything(sql);
    const again = await record(sql, {
      customer: who,
      as_of: '2026-04-02T00:00:00Z',
      ...use,
      quantity: '1.5',
    });
    expect(JSON.stringify(again)).toBe(JSON.stringify({ ...first, replayed: true }));
    expect(await everything(sql)).toBe(before);
    expect(await check(sql, { customer: who, as_of: now, ...use })).toEqual(again);
  });
  test('other arguments are a conflict and change nothing', async () => {
    const who = await someone();
    await record(sql, { customer: who, as_of: now, ...use });
    const before = await everything(sql);
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
    expect(await everything(sql)).toBe(before);
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
