import { beforeAll, describe, expect, it } from 'vitest';
import { addDiscount, createCoupon, createPromotionCode } from '../stripe-server/coupons.ts';
import { createCustomer } from '../stripe-server/customers.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { createSubscription } from '../stripe-server/subscriptions.ts';
import { openShop } from './stripe-shop.ts';

const { sql, world, type, json } = await openShop();
beforeAll(async () => {
  expect(await type('stripe sync plans')).toMatchObject({ code: 0 });
  for (const line of ['TEN_OFF --percent 10', 'TWICE --percent 20 --max-uses 2', 'ZLAST --percent 5'])
    expect(await type(`discounts create ${line}`), line).toMatchObject({ code: 0 });
});

const steps = async (line = 'stripe sync discounts') =>
  (await json(line)).map(({ action, code, reason }) => [action, code, reason].map(String).join(' · '));
const codes = () => world.list('promotion_code', ({ active }) => active).map(({ code }) => code);

describe('S10: a code that Stripe does not take stops no other', () => {
  it('S10: a code with an underscore is skipped with the reason, and those after it are made', async () => {
    expect(await steps()).toEqual([
      'skip · TEN_OFF · Stripe codes have only letters, digits and dashes',
      'create coupon · TWICE · it does not exist at Stripe',
      'create code · TWICE · it does not exist at Stripe',
      'create coupon · ZLAST · it does not exist at Stripe',
      'create code · ZLAST · it does not exist at Stripe',
    ]);
    expect(codes()).toEqual(['ZLAST', 'TWICE']);
    expect(world.list('coupon').map(({ id }) => id)).toEqual(['subctl_ZLAST', 'subctl_TWICE']);
  });

  it('S10: a code whose uses are exhausted at Stripe is skipped at every run', async () => {
    const customer = createCustomer(world, {});
    changeCard(world, customer.id, 'pm_card_visa');
    const [price] = await sql<
      { id: string }[]
    >`select stripe_price_id as id from subctl.plan_prices where stripe_price_id is not null limit 1`;
    const [twice] = world.list('promotion_code', ({ code }) => code === 'TWICE');
    const subscription = createSubscription(world, { customer: customer.id, items: [{ price: price!.id }] });
    for (let use = 0; use < 2; use++) addDiscount(world, subscription, { promotion_code: twice!.id });
    expect(twice!.active).toBe(false);
    for (let run = 0; run < 2; run++) {
      expect(await steps()).toContain('skip · TWICE · its uses are exhausted at Stripe');
      expect((await type('stripe sync discounts')).code).toBe(0);
    }
  });

  it('S10: a code whose coupon is not valid, or was deleted, is skipped', async () => {
    const [last] = world.list('promotion_code', ({ code }) => code === 'ZLAST');
    const coupon = world.get('coupon', 'subctl_ZLAST');
    Object.assign(coupon, { valid: false });
    last!.active = false;
    expect(await steps()).toContain('skip · ZLAST · its coupon is not valid at Stripe');
    world.held.delete(coupon.id);
    expect(await steps()).toContain('skip · ZLAST · its coupon was deleted at Stripe');
    world.held.set(coupon.id, coupon);
    Object.assign(coupon, { valid: true });
    expect(await steps()).toContain('activate code · ZLAST · it is active here');
  });

  it('S10: what Stripe refuses is named, its coupon is made, the others go on, and the run is incomplete', async () => {
    const other = createCoupon(world, { percent_off: '1', duration: 'once' });
    createPromotionCode(world, { promotion: { coupon: other.id, type: 'coupon' }, code: 'mine' }); // made by hand
    for (const code of ['MINE', 'NEXT']) await type(`discounts create ${code} --percent 5`);
    const { code, stderr } = await type('stripe sync discounts');
    expect({ code, stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/MINE was skipped: Stripe refused: .*already exists/) as string,
    });
    expect(codes()).toContain('NEXT');
    expect(codes()).not.toContain('MINE');
    expect((await type('stripe checkout gus pro --discount MINE')).code).toBe(4);
  });
});
