import { beforeAll, expect, test } from 'vitest';
import { suggestPlan } from '../../src/catalog/suggest-plan.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, type PlanFacts, plan, record, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
const began = '2026-01-15T09:30:00Z';
const now = new Date('2026-02-02T12:00:00Z');
let count = 0;

/** A plan at a price per month; null is one that nobody can buy. */
async function sold(id: string, price: string | null, facts: PlanFacts): Promise<void> {
  await plan(sql, id, facts);
  await sql`update subctl.plan_prices set amount = ${price} where plan_id = ${id}`;
}

async function someone(
  on: string,
  use: { quantity: number; kind?: string; provider?: string },
): Promise<string> {
  const who = await customer(sql, `c${count++}`);
  await subscribe(sql, who, on, { at: began });
  await record(sql, { customer: who, as_of: '2026-02-02T11:30:00Z', ...use });
  return who;
}

beforeAll(async () => {
  await lay(sql, undefined, { image: '1' });
  await sold('basic', '29.99', {
    limits: { messages: { month: 100 }, images: { month: 50 } },
    credits: '100',
  });
  await sold('starter', '29.99', { limits: { messages: { month: 100_000 } } });
  await sold('painter', '39.99', {
    limits: { messages: { month: 80 }, images: { month: 5000 } },
    credits: '500',
  });
  await sold('hourly', '49.99', { limits: { messages: { rolling_1h: 10, month: 9000 } } });
  await sold('professional', '79.99', { limits: { messages: { month: 1000, day: 300 } }, credits: '200' });
  await sold('custom', null, { limits: {} });
  await sold('old', '59.99', { limits: {} });
  await sql`update subctl.plans set active = false where id = 'old'`;
});

test('R40 G25: the cheapest active plan with a strictly higher price that also covers what is used and asked, and none from the top', async () => {
  const who = await someone('basic', { quantity: 90 });
  const suggested = await suggestPlan(sql, { customer: who, now, asked: { messages: '20' } });
  expect(suggested).toEqual({
    ...{ plan: 'professional', name: 'professional', version: 1 },
    ...{ price: '79.99', currency: 'USD', every: '1mo' },
  });
  const top = await someone('professional', { quantity: 90 });
  expect(await suggestPlan(sql, { customer: top, now, asked: { messages: '2000' } })).toBeUndefined();
});

test('defect 61: a plan that is dearer and offers less of what ran out is not suggested', async () => {
  const who = await someone('basic', { quantity: 90 });
  expect((await suggestPlan(sql, { customer: who, now }))?.plan).toBe('professional');
  const little = await someone('basic', { quantity: 8 });
  expect((await suggestPlan(sql, { customer: little, now }))?.plan).toBe('painter');
  expect(await suggestPlan(sql, { customer: little, now, asked: { messages: '1001' } })).toBeUndefined();
});

test('A7: windows that the present plan does not have are counted from the events', async () => {
  const who = await someone('painter', { quantity: 9 });
  expect((await suggestPlan(sql, { customer: who, now, asked: { messages: '1' } }))?.plan).toBe('hourly');
  expect((await suggestPlan(sql, { customer: who, now, asked: { messages: '2' } }))?.plan).toBe(
    'professional',
  );
});

test('C13: where credits ran out the plan must give enough of them', async () => {
  const who = await someone('basic', { quantity: 45, kind: 'image' });
  expect((await suggestPlan(sql, { customer: who, now, credits: '60' }))?.plan).toBe('painter');
  expect((await suggestPlan(sql, { customer: who, now, credits: '460' }))?.plan).toBeUndefined();
});

test('P10: a plan with too few seats for the members is not suggested', async () => {
  const who = await customer(sql, 'group', { kind: 'group' });
  await subscribe(sql, who, 'basic', { at: began });
  await sql`update subctl.plan_versions set max_users = 1 where plan_id = 'painter'`;
  await sql`insert into subctl.members (customer_id, member_id, joined_at) values (${who}, 'a', '2026-01-01'), (${who}, 'b', '2026-01-01')`;
  expect((await suggestPlan(sql, { customer: who, now }))?.plan).toBe('hourly');
});

test('who has no subscription goes from the default plan; in another currency there is nothing', async () => {
  const who = await customer(sql, 'nobody');
  expect(await suggestPlan(sql, { customer: who, now })).toBeUndefined();
  await plan(sql, 'free', { limits: { messages: { month: 5 } }, isDefault: true });
  expect((await suggestPlan(sql, { customer: who, now }))?.plan).toBe('basic');
  await sql`update subctl.customers set currency = 'EUR' where id = ${who}`;
  expect(await suggestPlan(sql, { customer: who, now })).toBeUndefined();
});
