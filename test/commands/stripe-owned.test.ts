import { beforeAll, describe, expect, it } from 'vitest';
import { createCustomer } from '../stripe-server/customers.ts';
import { passTime } from '../stripe-server/clocks.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { createSubscription } from '../stripe-server/subscriptions.ts';
import { idOf } from '../stripe-server/world.ts';
import { openShop } from './stripe-shop.ts';

const { sql, world, faults, type, json } = await openShop();
let count = 0;

beforeAll(async () => {
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values ('team', 'Team', 12, true, false, 'default', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, per_seat, max_users) values ('team', 1, '2025-01-01', true, 9)`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values ('team', 1, '1mo', 'USD', 5.00), ('team', 1, '1mo', 'JPY', 500)`;
  await sql`select subctl_internal.compile_all()`;
  await type('stripe sync plans');
});

/** A customer who has bought a plan at Stripe and is mirrored. */
async function newOwner(
  plan = 'pro',
  seats = 1,
): Promise<{ id: string; stripe: string; subscription: string }> {
  const id = `owner${(count += 1)}`;
  await type(`customers add ${id} --kind group`);
  const customer = createCustomer(world, {});
  changeCard(world, customer.id, 'pm_card_visa');
  const [price] = await sql<{ id: string }[]>`
    select stripe_price_id as id from subctl.plan_prices where plan_id = ${plan} and "interval" = '1mo' and currency = 'USD'`;
  const items = [{ price: price!.id, quantity: String(seats) }];
  const subscription = createSubscription(world, { customer: customer.id, items });
  expect(await type(`stripe adopt ${id} ${customer.id}`)).toMatchObject({ code: 0 });
  return { id, stripe: customer.id, subscription: subscription.id };
}
const atStripe = (id: string) => world.get('subscription', id);
const paid = (stripe: string) =>
  world
    .list('invoice', ({ customer, status }) => idOf(customer) === stripe && status === 'paid')
    .map(({ total }) => total);
const here = async (customer: string) => {
  const [row] = await sql`
    select plan_id as plan, status, quantity, cancel_at_period_end as ending from subctl.subscriptions where customer_id = ${customer} order by started_at desc limit 1`;
  return row;
};

describe('a subscription that Stripe owns', () => {
  it('goes up at Stripe, now and with a full period, is charged, and is here what Stripe says; twice is once', async () => {
    const { id, stripe, subscription } = await newOwner();
    const shown = await json(`assign ${id} max --dry-run`);
    expect(shown).toMatchObject({
      changed: false,
      asked: {
        call: 'update',
        with: { billing_cycle_anchor: { type: 'now' }, proration_behavior: 'always_invoice' },
      },
    });
    expect(await here(id)).toMatchObject({ plan: 'pro' });
    expect(await json(`assign ${id} max`)).toMatchObject({
      plan: 'max',
      changed: true,
      stripe_subscription: subscription,
    });
    expect(await here(id)).toMatchObject({ plan: 'max', status: 'active' });
    expect(paid(stripe)).toEqual([7000, 2999]); // 99.99 less all of 29.99, in the same second
    expect(await json(`assign ${id} max`)).toMatchObject({ changed: false });
    expect(paid(stripe)).toHaveLength(2);
  });

  it('R33: that cannot be paid for stays as it was, there and here', async () => {
    const { id, stripe, subscription } = await newOwner();
    changeCard(world, stripe, 'pm_card_visa_chargeDeclined');
    const done = await type(`assign ${id} max`);
    expect(done).toMatchObject({ code: 4 });
    expect(done.stderr).toContain('Your card was declined');
    expect(await here(id)).toMatchObject({ plan: 'pro', status: 'active' });
    expect(atStripe(subscription).items.data[0]!.price.unit_amount).toBe(2999);
    expect(world.list('invoice_item', ({ customer }) => idOf(customer) === stripe)).toEqual([]);
  });

  it('R34: is cancelled at its period’s end, taken back, and ended now', async () => {
    const { id, subscription } = await newOwner();
    expect(await json(`subscriptions cancel ${id}`)).toMatchObject({ cancel_at_period_end: true });
    expect(atStripe(subscription).cancel_at_period_end).toBe(true);
    expect(await json(`subscriptions cancel ${id}`)).toMatchObject({ changed: false });
    expect(await json(`subscriptions reactivate ${id}`)).toMatchObject({ cancel_at_period_end: false });
    expect(await json(`subscriptions cancel ${id} --now --yes`)).toMatchObject({ status: 'canceled' });
    expect(atStripe(subscription).status).toBe('canceled');
  });

  it('is paused without its invoices, and resumed', async () => {
    const { id, subscription } = await newOwner();
    expect(await type(`subscriptions pause ${id} --clock stops`)).toMatchObject({ code: 4 });
    expect(await json(`subscriptions pause ${id} --until 2099-01-01T00:00:00Z`)).toMatchObject({
      status: 'paused',
    });
    expect(atStripe(subscription).pause_collection).toMatchObject({ behavior: 'void' });
    const [access] =
      await sql`select access, reason from subctl_internal.effective_subscription(${id}, ${new Date(world.now * 1000)})`;
    expect(access).toEqual({ access: false, reason: 'paused' });
    expect(await json(`subscriptions resume ${id}`)).toMatchObject({ status: 'active' });
    expect(await type(`subscriptions resume ${id}`)).toMatchObject({ code: 4 });
  });

  it('R38: has more seats now, charged there, and fewer with no money back; fewer than people are refused (R20)', async () => {
    const { id, stripe, subscription } = await newOwner('team', 2);
    expect(await json(`subscriptions seats ${id} 4`)).toMatchObject({ seats: 4, changed: true });
    expect(atStripe(subscription).items.data[0]!.quantity).toBe(4);
    expect(paid(stripe)).toEqual([1000, 1000]);
    for (const name of ['ada', 'bob', 'cyd'])
      expect(await type(`members add ${id} ${name}`)).toMatchObject({ code: 0 });
    const few = await type(`subscriptions seats ${id} 2`);
    expect(few).toMatchObject({ code: 4 });
    expect(few.stderr).toContain('ada, bob, cyd');
    expect(await json(`subscriptions seats ${id} 3`)).toMatchObject({ seats: 3 });
    expect(world.list('invoice_item', ({ invoice }) => invoice === null)).toEqual([]);
    expect(await json(`subscriptions seats ${id} 3`)).toMatchObject({ changed: false });
  });

  it('does what Stripe has no words for not at all, and says why', async () => {
    const { id } = await newOwner('max');
    for (const more of ['--collection invoice', '--ends 2099-01-01', '--note hello', '--proration days'])
      expect((await type(`assign ${id} pro --when now ${more}`)).code, more).not.toBe(0);
    expect(await json(`assign ${id} pro --when now`)).toMatchObject({ plan: 'pro' });
  });

  it('R31: goes down at its period’s end, by a schedule of Stripe’s, which any other change takes back', async () => {
    const { id, subscription } = await newOwner('max');
    const end = atStripe(subscription).items.data[0]!.current_period_end;
    expect(await json(`assign ${id} pro --dry-run`)).toMatchObject({
      asked: { call: 'schedule' },
      changed: false,
    });
    expect(world.list('subscription_schedule')).toEqual([]);
    expect(await json(`assign ${id} pro`)).toMatchObject({ plan: 'max', changed: true });
    expect(await json(`assign ${id} pro`)).toMatchObject({ changed: false });
    expect(await json(`subscriptions show ${id}`)).toMatchObject({
      plan: 'max',
      pending: { plan: 'pro', at: new Date(end * 1000).toISOString() },
    });
    expect(await json(`assign ${id} max`)).toMatchObject({ plan: 'max', changed: true }); // taken back
    expect(await json(`subscriptions show ${id}`)).toMatchObject({ pending: null });
    await json(`assign ${id} pro`);
    expect(await json(`subscriptions cancel ${id}`)).toMatchObject({ cancel_at_period_end: true });
    expect(world.list('subscription_schedule').map(({ status }) => status)).toEqual(['released', 'released']);
    expect(await json(`assign ${id} pro`)).toMatchObject({ cancel_at_period_end: false });
    passTime(world, end + 2 * 3600);
    expect(await type('stripe reconcile --apply')).toMatchObject({ code: 0 });
    expect(await here(id)).toMatchObject({ plan: 'pro', status: 'active' });
    expect(await json(`subscriptions show ${id}`)).toMatchObject({ pending: null });
  });

  it('has its next invoice as Stripe says it, and none where it ends', async () => {
    const { id } = await newOwner('team', 3);
    expect(await json(`invoices preview ${id}`)).toMatchObject({
      collection: 'stripe',
      total: '15.00',
      currency: 'USD',
      lines: [{ kind: 'plan', amount: '15.00', quantity: '3' }],
    });
    await json(`subscriptions cancel ${id}`);
    expect(await json(`invoices preview ${id}`)).toMatchObject({ total: '0.00', lines: [] });
  });

  it('that Stripe changed and nobody heard of is what Stripe says, without being asked twice', async () => {
    const { id, subscription } = await newOwner();
    faults.plan({ kind: 'lost', line: new RegExp(`POST /v1/subscriptions/${subscription}`) });
    const lost = await type(`subscriptions cancel ${id}`);
    expect([0, 6]).toContain(lost.code); // the package asks again under the same key
    expect(await json(`subscriptions cancel ${id}`)).toMatchObject({
      cancel_at_period_end: true,
      changed: false,
    });
    expect(await here(id)).toMatchObject({ ending: true });
  });
});
