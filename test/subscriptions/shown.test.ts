import { beforeAll, expect, it } from 'vitest';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { changeSeats } from '../../src/subscriptions/change-seats.ts';
import { describeStatus } from '../../src/subscriptions/describe-status.ts';
import { extendByDays } from '../../src/subscriptions/extend.ts';
import { listSubscriptions } from '../../src/subscriptions/list.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { showSubscription } from '../../src/subscriptions/show.ts';
import { lockLiveSubscription } from '../../src/subscriptions/lock-live-subscription.ts';
import { getStatus } from '../../src/subscriptions/status.ts';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { runTasks } from '../stories/lives.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(async () => {
  await loadLadder(sql);
  await sql`insert into subctl.plans (id, name, rank, fallback, current_version, created_at) values ('team', 'Team', 12, 'none', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, per_seat) values ('team', 1, '2025-01-01', true)`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('team', 1, '1mo', 'USD', 9.99)`;
  await sql`select subctl_internal.compile_all()`;
});

const date = (text: string) => new Date(/T/.test(text) ? text : `${text}T00:00:00Z`);
let count = 0;
async function subscribed(plan: string, about: object = {}): Promise<string> {
  const customer = `shown-${++count}`;
  await addOne(sql, { id: customer, kind: 'group' });
  await assign(sql, '2026-12-01T00:00:00Z', { customer, plan, every: '1mo', ...about });
  await sql`update subctl.invoices set status = 'paid', paid_at = issued_at where customer_id = ${customer}`;
  return customer;
}
const act = (at: string, work: (tx: Db, change: Change) => Promise<unknown>) => asTester(sql, work, date(at));

/** All that pages show of a customer's subscription. */
async function pages(customer: string, at: string) {
  const now = date(at);
  const listed = await listSubscriptions(sql, { now, customer, statuses: [], all: true, limit: 10 });
  const { segments: _s, usage_reset_at: _u, ...shown } = await showSubscription(sql, { customer, now });
  const { limits: _l, credits: _c, ...status } = describeStatus(await getStatus(sql, customer, now));
  return JSON.parse(JSON.stringify({ listed, shown, status })) as Record<
    'listed' | 'shown' | 'status',
    Record<string, unknown>
  >;
}

const changes: [string, () => Promise<string>, Record<string, unknown>][] = [
  [
    'a downgrade at the period’s end',
    async () => {
      const id = await subscribed('max');
      await assign(sql, '2026-12-10T00:00:00Z', { customer: id, plan: 'pro', every: '1mo' });
      return id;
    },
    { plan: 'pro', price: '29.99', period_start: '2027-01-01T00:00:00.000Z', pending_plan: null },
  ],
  [
    'another interval',
    async () => {
      const id = await subscribed('pro');
      await assign(sql, '2026-12-10T00:00:00Z', {
        customer: id,
        plan: 'pro',
        every: '1y',
        when: 'period-end',
      });
      return id;
    },
    { plan: 'pro', every: '1y', price: '299.9', period_end: '2028-01-01T00:00:00.000Z', pending_plan: null },
  ],
  [
    'a change at an instant',
    async () => {
      const id = await subscribed('pro');
      await assign(sql, '2026-12-10T00:00:00Z', {
        customer: id,
        plan: 'max',
        every: '1mo',
        when: date('2026-12-20'),
      });
      return id;
    },
    { plan: 'max', price: '99.99', period_start: '2026-12-20T00:00:00.000Z', pending_plan: null },
  ],
  [
    'the end of a trial',
    () => subscribed('trial', { trialDays: 14 }),
    { plan: 'trial', status: 'active', period_start: '2026-12-15T00:00:00.000Z' },
  ],
  [
    'fewer seats',
    async () => {
      const id = await subscribed('team', { seats: 5 });
      await act('2026-12-10', async (tx, change) =>
        changeSeats(tx, change, { head: await lockLiveSubscription(tx, change, id), seats: 2 }),
      );
      return id;
    },
    { seats: 2, pending_seats: null, period_start: '2027-01-01T00:00:00.000Z' },
  ],
  [
    'a pause that is over',
    async () => {
      const id = await subscribed('pro');
      await act('2026-12-10', (tx, change) =>
        pauseSubscription(tx, change, { customer: id, clock: 'stops', until: date('2026-12-15') }),
      );
      return id;
    },
    { status: 'active', period_end: '2027-01-06T00:00:00.000Z', renews: true },
  ],
  [
    'a period that was extended',
    async () => {
      const id = await subscribed('pro');
      await act('2026-12-10', (tx, change) => extendByDays(tx, change, { customer: id, days: 1 }));
      return id;
    },
    { period_start: '2027-01-02T00:00:00.000Z', period_end: '2027-02-02T00:00:00.000Z' },
  ],
  [
    'a cancellation',
    async () => {
      const id = await subscribed('bare');
      await act('2026-12-10', (tx, change) =>
        cancelSubscription(tx, change, { customer: id, atOnce: false }),
      );
      return id;
    },
    { plan: 'bare', status: 'canceled', renews: false },
  ],
];

it.each(changes)(
  'B18 R16: %s is shown the same by every page before and after the task',
  async (_, make, expected) => {
    const id = await make();
    const at = '2027-01-02T12:00:00Z';
    const before = await pages(id, at);
    expect((before.listed as unknown as object[])[0]).toMatchObject(expected);
    const { plan } = before.shown;
    const ofPlan = await listSubscriptions(sql, {
      now: date(at),
      plan: plan as string,
      customer: id,
      statuses: [],
      all: true,
      limit: 10,
    });
    expect(ofPlan).toHaveLength(1);
    await runTasks(sql, [id], date(at));
    const after = await pages(id, at);
    const written = ['ended_at', 'canceled_at', 'trial_end', 'subscription'];
    const without = (page: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(page).filter(([name]) => !written.includes(name)));
    expect(without(before.shown)).toEqual(without(after.shown));
    expect(before.status).toEqual(after.status);
  },
);

it('B18 R9: at an instant of the past every page shows the plan, price and period of then', async () => {
  const id = await subscribed('pro');
  await assign(sql, '2026-12-20T00:00:00Z', { customer: id, plan: 'max', every: '1mo', when: 'now' });
  const { listed, status } = await pages(id, '2026-12-10');
  expect((listed as unknown as object[])[0]).toMatchObject({
    ...{
      plan: 'pro',
      price: '29.99',
      period_start: '2026-12-01T00:00:00.000Z',
      period_end: '2027-01-01T00:00:00.000Z',
    },
  });
  expect(status).toMatchObject({ plan: 'pro', price: '29.99', pending_plan: null });
});
