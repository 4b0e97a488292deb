import { beforeAll, describe, expect, it } from 'vitest';
import { passTime } from '../stripe-server/clocks.ts';
import { addDiscount, createCoupon } from '../stripe-server/coupons.ts';
import { createCustomer } from '../stripe-server/customers.ts';
import type { Params } from '../stripe-server/form.ts';
import { attachMethod, changeCard } from '../stripe-server/methods.ts';
import { createSubscription, updateSubscription } from '../stripe-server/subscriptions.ts';
import { idOf } from '../stripe-server/world.ts';
import { openShop } from './stripe-shop.ts';

const { sql, world, faults, type, json } = await openShop();
let count = 0;

beforeAll(async () => {
  expect(await type('stripe sync plans')).toMatchObject({ code: 0 });
  createCoupon(world, { id: 'HALF', percent_off: '50', duration: 'forever' });
});

const priceOf = async (plan: string, every = '1mo') => {
  const [row] = await sql<{ id: string }[]>`
    select stripe_price_id as id from subctl.plan_prices where plan_id = ${plan} and "interval" = ${every} and currency = 'USD'`;
  return row!.id;
};

/** A mirrored customer with a coupon, tax rates, a description and a card that is the subscription's own. */
async function newOwner(more: Params = {}, plan = 'max') {
  const id = `later${(count += 1)}`;
  await type(`customers add ${id}`);
  const customer = createCustomer(world, {});
  changeCard(world, customer.id, 'pm_card_visa_chargeDeclined');
  const own = attachMethod(world, 'pm_card_visa', { customer: customer.id });
  const subscription = createSubscription(world, {
    ...{ customer: customer.id, items: [{ price: await priceOf(plan) }], default_payment_method: own.id },
    ...{ default_tax_rates: ['txr_1', 'txr_2'], description: 'A seat in the office' },
    ...more,
  });
  addDiscount(world, subscription, { coupon: 'HALF' });
  const [discount] = subscription.discounts.map(idOf);
  expect(await type(`stripe adopt ${id} ${customer.id}`)).toMatchObject({ code: 0 });
  return { id, customer: customer.id, own: own.id, subscription, discount };
}
const scheduleOf = (subscription: { schedule: unknown }) =>
  world.get('subscription_schedule', subscription.schedule as string);
const endOf = (subscription: ReturnType<typeof createSubscription>) =>
  subscription.items.data[0]!.current_period_end;

describe('S6: a change that waits for the end of the period changes nothing else', () => {
  it('S6: coupon, tax rates, card and description stay in both phases, and the next invoice is half', async () => {
    const { id, customer, own, subscription, discount } = await newOwner();
    const copy = () => JSON.parse(JSON.stringify(subscription)) as typeof subscription;
    const before = copy();
    expect(await json(`assign ${id} pro`)).toMatchObject({ plan: 'max', changed: true });
    const { phases } = scheduleOf(subscription);
    expect(phases).toHaveLength(2);
    for (const phase of phases)
      expect(phase).toMatchObject({
        ...{ default_payment_method: own, description: 'A seat in the office' },
        discounts: [{ discount, coupon: null }],
        default_tax_rates: [{ id: 'txr_1' }, { id: 'txr_2' }],
      });
    expect(phases[1]!.items).toMatchObject([{ price: await priceOf('pro'), quantity: 1 }]);
    for (const field of [
      'discounts',
      'default_payment_method',
      'default_tax_rates',
      'description',
      'items',
    ] as const)
      expect(copy()[field], field).toEqual(before[field]);
    passTime(world, endOf(subscription) + 2 * 3600);
    const [latest] = world.list('invoice', (each) => idOf(each.customer) === customer);
    expect(latest).toMatchObject({ subtotal: 2999, total: 1499, status: 'paid' });
    expect(await type('stripe reconcile --apply')).toMatchObject({ code: 0 });
    expect(await json(`subscriptions show ${id}`)).toMatchObject({ plan: 'pro', pending: null });
    expect(await json(`assign ${id} pro`)).toMatchObject({ changed: false }); // the last phase is nothing that waits
    passTime(world, endOf(subscription) + 2 * 3600);
    expect(subscription).toMatchObject({
      schedule: null,
      discounts: [discount],
      default_payment_method: own,
    });
  });

  it('S6: a trial goes on until its end, at no charge, and the cheaper plan is charged from then on', async () => {
    const { id, customer, subscription } = await newOwner({ trial_period_days: '10' });
    const end = subscription.trial_end;
    expect(await json(`assign ${id} pro`)).toMatchObject({ plan: 'max', status: 'trialing', changed: true });
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: end });
    expect(scheduleOf(subscription).phases.map((phase) => phase.trial_end)).toEqual([end, null]);
    expect(world.list('invoice', (each) => idOf(each.customer) === customer)).toEqual([]);
  });

  it.each([
    ['of its period', { cancel_at_period_end: 'true' }],
    ['at an instant', undefined],
  ])('S6: an end %s is taken back, and the rest is kept', async (_what, end) => {
    const { id, own, subscription, discount } = await newOwner();
    updateSubscription(world, subscription.id, end ?? { cancel_at: String(endOf(subscription)) });
    expect(await json(`assign ${id} pro`)).toMatchObject({ changed: true, cancel_at_period_end: false });
    expect(subscription).toMatchObject({
      cancel_at: null,
      discounts: [discount],
      default_payment_method: own,
    });
    expect(scheduleOf(subscription).end_behavior).toBe('release');
  });

  it('S6: other items stay beside the plan’s, and an interval has its own length', async () => {
    const extra = await sql<
      { id: string }[]
    >`select stripe_price_id as id from subctl.plan_prices where stripe_price_id is not null limit 1`;
    const product = world.get('price', extra[0]!.id).product as string;
    const price = {
      ...world.get('price', await priceOf('pro')),
      id: 'price_extra',
      product,
      lookup_key: null,
    };
    world.add('price', price);
    const { id, subscription } = await newOwner({
      items: [{ price: await priceOf('max') }, { price: price.id, quantity: '7' }],
    });
    await json(`assign ${id} pro`);
    const [, later] = scheduleOf(subscription).phases;
    expect(later!.items).toMatchObject([
      { price: await priceOf('pro'), quantity: 1 },
      { price: price.id, quantity: 7 },
    ]);
    expect(await json(`assign ${id} pro --every 1y --when period-end`)).toMatchObject({ changed: true });
    const [, yearly] = scheduleOf(subscription).phases;
    expect(yearly!.items[0]).toMatchObject({ price: await priceOf('pro', '1y') });
    expect((yearly!.end_date - yearly!.start_date) / 86_400).toBeGreaterThan(364);
  });

  it('S6: a schedule that Stripe does not take is let go, and nothing is changed', async () => {
    const { id, subscription } = await newOwner();
    faults.plan({ kind: 'broken', line: /POST \/v1\/subscription_schedules\/sub_sched_[^/]+$/, times: 3 });
    expect((await type(`assign ${id} pro`)).code).toBe(6);
    faults.clear();
    expect(subscription.schedule).toBeNull();
    expect(await json(`assign ${id} pro`)).toMatchObject({ changed: true });
  });

  it('S6: a code beside an upgrade does not take the coupons away that are there', async () => {
    const { id, subscription, discount } = await newOwner({}, 'pro');
    await type('discounts create TEN --percent 10 --periods all');
    expect(await type('stripe sync discounts')).toMatchObject({ code: 0 });
    expect(await json(`assign ${id} max --discount TEN`)).toMatchObject({ plan: 'max' });
    expect(subscription.discounts.map(idOf)).toContain(discount);
    expect(subscription.discounts).toHaveLength(2);
  });
});

describe('S14: a cancellation in either of its forms', () => {
  const portalCancel = async () => {
    const owner = await newOwner();
    const { id, subscription } = owner;
    updateSubscription(world, subscription.id, { cancel_at: String(endOf(subscription)) });
    expect(subscription).toMatchObject({ cancel_at_period_end: false, cancel_at: endOf(subscription) });
    expect((await type(`stripe reconcile --customer ${id} --apply`)).code).toBeLessThan(5);
    expect(await json(`subscriptions show ${id}`)).toMatchObject({ cancel_at_period_end: true });
    return owner;
  };

  it('S14: one of the portal is taken back, and the answer and the mirror both say that it renews', async () => {
    const { id, subscription } = await portalCancel();
    const renews = new Date(endOf(subscription) * 1000).toISOString();
    expect(await json(`subscriptions cancel ${id}`)).toMatchObject({ changed: false });
    const { code, stderr } = await type(`subscriptions reactivate ${id}`);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        `The cancellation is undone: ${id} has max, which renews at ${renews}`,
      ) as string,
    });
    expect(await json(`subscriptions show ${id}`)).toMatchObject({ cancel_at_period_end: false });
    expect(subscription.cancel_at).toBeNull();
    expect(await json(`subscriptions reactivate ${id}`)).toMatchObject({ changed: false });
  });

  it('S14: it is taken back by an upgrade, by seats it is not', async () => {
    const owner = await newOwner({}, 'pro');
    updateSubscription(world, owner.subscription.id, { cancel_at: String(endOf(owner.subscription)) });
    expect(await json(`assign ${owner.id} max`)).toMatchObject({ plan: 'max', cancel_at_period_end: false });
    expect(owner.subscription.cancel_at).toBeNull();
  });

  it('S14: where Stripe still says that it ends, nobody is told that it goes on', async () => {
    const { id, subscription } = await portalCancel();
    const ends = endOf(subscription);
    Object.defineProperty(subscription, 'cancel_at', {
      get: () => ends,
      set: () => undefined,
      enumerable: true,
    });
    const { code, stderr } = await type(`subscriptions reactivate ${id}`);
    expect(code).toBe(4);
    expect(stderr).toContain(`ends at ${new Date(ends * 1000).toISOString()}`);
  });
});
