import { beforeAll, expect, it } from 'vitest';
import { describeStatus } from '../../src/subscriptions/describe-status.ts';
import { getStatus } from '../../src/subscriptions/status.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

it('S18: plan, period, days left, every limit with what is used, credits and the next reset, in one record', async () => {
  await addOne(sql, { id: 'ann', timezone: 'Europe/Berlin', name: 'Ann' });
  await assign(sql, '2026-01-15T09:30:00Z', { customer: 'ann', plan: 'pro' });
  await sql`update subctl.invoices set status = 'paid', paid_at = '2026-01-16' where customer_id = 'ann'`;
  await sql`select subctl.record_usage('ann', 'message', as_of => '2026-01-20T00:00:00Z', quantity => 40)`;
  const status = describeStatus(await getStatus(sql, 'ann', new Date('2026-02-03T09:30:00Z')));
  expect(status).toMatchObject({
    ...{
      customer: 'ann',
      name: 'Ann',
      plan: 'pro',
      plan_name: 'Pro',
      version: 1,
      status: 'active',
      access: true,
      timezone: 'Europe/Berlin',
    },
    ...{ price: '29.99', currency: 'USD', days_left: 12, next_reset: new Date('2026-02-15T09:30:00Z') },
    credits: { balance: '100', per_period: '100', unlimited: false, days_until_reset: 12 },
  });
  expect(status['limits']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        meter: 'messages',
        window: 'period',
        used: '40',
        limit: '80',
        remaining: '40',
        percent: '50',
        source: 'plan',
      }),
      expect.objectContaining({ meter: 'messages', window: 'month', used: '0', limit: '100' }),
      expect.objectContaining({ meter: 'images', window: 'period', limit: null, percent: null }),
    ]),
  );
});

it('R19: a customer who never had a subscription stands on the default plan', async () => {
  await addOne(sql, { id: 'bob' });
  const status = describeStatus(await getStatus(sql, 'bob', new Date('2026-01-10T00:00:00Z')));
  expect(status).toMatchObject({
    plan: 'free',
    basis: 'default',
    access: true,
    period_end: new Date('2026-02-01T00:00:00Z'),
    days_left: 22,
  });
});

it('a begun day counts whole, on the wall clock of the zone', async () => {
  await addOne(sql, { id: 'cat', timezone: 'Europe/Berlin' });
  await assign(sql, '2026-03-15T12:00:00Z', { customer: 'cat', plan: 'free' });
  const left = async (at: string) => (await getStatus(sql, 'cat', new Date(at))).daysLeft;
  expect(await left('2026-04-14T11:00:00Z')).toBe(1);
  expect(await left('2026-04-14T10:59:00Z')).toBe(2);
  expect(await left('2026-04-15T10:59:00Z')).toBe(1);
});
