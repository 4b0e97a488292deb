import { beforeAll, describe, expect, it } from 'vitest';
import { createPrice } from '../stripe-server/catalogue.ts';
import { createCustomer } from '../stripe-server/customers.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { createSubscription } from '../stripe-server/subscriptions.ts';
import { openShop } from './stripe-shop.ts';

const { sql, world, type, json } = await openShop();
beforeAll(async () => expect(await type('stripe sync plans')).toMatchObject({ code: 0 }), 60_000);

const clone = (amount = '2999') =>
  createPrice(world, {
    ...{ product: world.list('product')[0]!.id, currency: 'usd', unit_amount: amount },
    recurring: { interval: 'month' },
  }).id;
/** A customer of Stripe's on a price that was made by hand. */
const subscriber = (price: string) => {
  const customer = createCustomer(world, {});
  changeCard(world, customer.id, 'pm_card_visa');
  createSubscription(world, { customer: customer.id, items: [{ price }] });
  return customer.id;
};
const sold = async () =>
  (
    await sql<
      { id: string }[]
    >`select stripe_price_id as id from subctl.plan_prices where plan_id = 'pro' and "interval" = '1mo' and currency = 'USD'`
  )[0]!.id;

describe('S16: one price is sold, and all of its amount are understood', () => {
  it('S16: after the plans were synced, two prices of the same amount are both the plan', async () => {
    const before = await sold();
    const [a, b] = [clone(), clone()];
    for (const [who, price] of [
      ['gus', a],
      ['hal', b],
    ] as const) {
      expect(await type(`stripe adopt ${who} ${subscriber(price)} --price ${price}=pro`)).toMatchObject({
        code: 0,
      });
      expect(await json(`subscriptions show ${who}`)).toMatchObject({ plan: 'pro', collection: 'stripe' });
    }
    expect(await sold()).toBe(before);
    expect((await type('stripe reconcile')).code).toBe(0);
    expect(await type(`stripe adopt ida ${subscriber(a)}`)).toMatchObject({ code: 0 }); // known by now
  });

  it('S16: a price that was sold is understood when a sync makes another one', async () => {
    const old = await sold();
    await sql`update subctl.plan_prices set stripe_price_id = null where stripe_price_id = ${old}`;
    const hand = clone();
    await type(`stripe adopt jon ${subscriber(hand)} --price ${hand}=pro`);
    expect(await sold()).toBe(hand);
    expect(await type('stripe sync plans')).toMatchObject({ code: 0 });
    expect(await sold()).toBe(old); // found by its lookup key
    expect((await type('stripe reconcile --customer jon')).code).toBe(0);
    expect(await json('subscriptions show jon')).toMatchObject({ plan: 'pro' });
  });

  it('S16: a price of another amount, or of another plan, is refused', async () => {
    const other = clone('12345');
    expect(await type(`stripe adopt kim ${subscriber(other)} --price ${other}=pro`)).toMatchObject({
      code: 4,
    });
    const [free] = await sql<
      { id: string }[]
    >`select stripe_price_id as id from subctl.plan_prices where plan_id = 'max' and "interval" = '1mo' and currency = 'USD'`;
    expect((await type(`stripe adopt kim ${subscriber(free!.id)} --price ${free!.id}=pro`)).code).toBe(4);
  });
});
