import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';
import { call, request, standing } from './steps.ts';

const { sql } = await testDatabase();
const now = '2026-03-10T12:00:00Z';
const find = (asked: object, { at = now, as_of = now } = {}) =>
  call(sql, 'find_standing', request(asked), ['usage_standing', { now: as_of, at }]);
const refusal = (reason: string, message: string) => ({ refusal: { reason, message, allowed: false } });
const march = { period_start: '2026-03-01T00:00:00+00:00', period_end: '2026-04-01T00:00:00+00:00' };

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'basic', {});
  for (const who of ['ann', 'bob', 'off']) await customer(sql, who, { zone: 'UTC' });
  await customer(sql, 'team', { kind: 'group', zone: 'UTC' });
  for (const who of ['ann', 'off', 'team'])
    await subscribe(sql, who, 'basic', { at: '2026-01-01T00:00:00Z' });
  await sql`update subctl.subscriptions set current_period_start = '2026-03-01', current_period_end = '2026-04-01', from_at = '2026-03-01', usage_reset_at = '2026-03-01'`;
  await sql`update subctl.customers set disabled_at = '2026-03-05' where id = 'off'`;
  await sql`insert into subctl.members (customer_id, member_id, joined_at) values ('team', 'eve', '2026-03-02')`;
});

test('the row of the subscription is enough within its period and a day of now', async () => {
  expect(await find({})).toMatchObject({
    is_simple: true,
    is_late: false,
    plan_id: 'basic',
    refusal: null,
    ...march,
  });
});

test.each([
  ['an unknown customer', { customer: 'zoe' }, {}, 'no_customer', 'There is no customer zoe'],
  [
    'R14: 6 minutes ahead',
    {},
    { at: '2026-03-10T12:06:00Z' },
    'in_future',
    '2026-03-10T12:06:00.000Z is more than 5 minutes after now, 2026-03-10T12:00:00.000Z',
  ],
  [
    'R13: 36 days behind',
    {},
    { at: '2026-02-02T00:00:00Z' },
    'too_old',
    '2026-02-02T00:00:00.000Z is more than 35 days before now, 2026-03-10T12:00:00.000Z',
  ],
  [
    'R20: who is no member',
    { customer: 'team', member: 'mallory' },
    {},
    'no_member',
    'mallory is not a member of team',
  ],
  [
    'R20: who was no member yet',
    { customer: 'team', member: 'eve' },
    { at: '2026-03-01T00:00:00Z' },
    'no_member',
    'eve is not a member of team',
  ],
  ['a customer that is disabled', { customer: 'off' }, {}, 'disabled', 'Customer off is disabled'],
  [
    'R19: no subscription and no default plan',
    { customer: 'bob' },
    {},
    'no_subscription',
    'Customer bob has no subscription at 2026-03-10T12:00:00.000Z',
  ],
])('refuses %s', async (_, asked, when, reason, message) => {
  expect(await find(asked, when)).toMatchObject(refusal(reason, message));
});

test('a member, and an instant of yesterday, are looked at and stand in the same period', async () => {
  expect(await find({ customer: 'team', member: 'eve' })).toMatchObject({
    is_simple: false,
    refusal: null,
    ...march,
  });
  expect(await find({}, { at: '2026-03-09T11:00:00Z' })).toMatchObject({
    is_simple: false,
    is_late: false,
    ...march,
  });
});

test('R13: an instant before the written period is late', async () => {
  expect(await find({}, { at: '2026-02-20T00:00:00Z' })).toMatchObject({ is_late: true, plan_id: 'basic' });
});

test('R12: what has happened is counted on a plan that gives no access', async () => {
  await sql`update subctl.subscriptions set status = 'expired', ended_at = '2026-03-09' where customer_id = 'ann'`;
  expect(await find({})).toMatchObject({ refusal: { reason: 'no_subscription' } });
  expect(await find({ already_spent: true })).toMatchObject({ refusal: null, plan_id: 'basic' });
});

test('R19: a check of a customer that the first use would make stands on the default plan', async () => {
  await sql`update subctl.plans set is_default = true where id = 'basic'`;
  await sql`update subctl.settings set value = 'true' where key = 'auto_create'`;
  expect(await find({ customer: 'new', mode: 'check' })).toMatchObject({
    is_new: true,
    plan_id: 'basic',
    ...march,
  });
  expect(await sql`select 1 from subctl.customers where id = 'new'`).toHaveLength(0);
  expect(await find({ customer: 'new' })).toMatchObject({ is_new: false, plan_id: 'basic', ...march });
  expect(await sql`select 1 from subctl.customers where id = 'new'`).toHaveLength(1);
});

test('R16: an end that the dates say cuts the windows of the past as a written one does', async () => {
  const past = {
    at: '2026-03-01T12:00:00Z',
    period_end: '2026-04-01T00:00:00Z',
    subscription_id: crypto.randomUUID(),
  };
  await sql`update subctl.subscriptions set auto_renew = false, current_period_end = '2026-03-05', ends_at = null where customer_id = 'team'`;
  expect(
    await call(sql, 'cut_standing', ['text', 'team'], standing(past), ['timestamptz[]', '{}']),
  ).toMatchObject({ period_end: '2026-03-05T00:00:00+00:00', turns_at: '2026-03-05T00:00:00+00:00' });
});
