import { describe, expect, it } from 'vitest';
import { openShop } from './stripe-shop.ts';

const { sql, world, type, json } = await openShop();

describe('stripe sync plans (P11)', () => {
  it('shows what differs first, then makes products and prices, and writes each price’s id', async () => {
    const planned = await json('stripe sync plans --dry-run');
    expect(planned.filter(({ plan }) => plan === 'pro')).toMatchObject([
      { action: 'create product' },
      { action: 'create price', every: '1mo', amount: '27.99', currency: 'EUR' },
      { action: 'create price', every: '1mo', amount: '29.99', currency: 'USD' },
      { action: 'create price', every: '1y', amount: '299.90', currency: 'USD' },
    ]);
    expect(world.list('product')).toEqual([]);
    expect((await type('stripe sync plans')).code).toBe(0);
    const [price] = world.list('price', ({ lookup_key: key }) => key === 'subctl:pro:v1:1mo:usd');
    expect(price).toMatchObject({
      unit_amount: 2999,
      currency: 'usd',
      recurring: { interval: 'month', interval_count: 1 },
      metadata: { subctl_plan: 'pro' },
    });
    expect(
      await sql`select stripe_price_id as id from subctl.plan_prices where plan_id = 'pro' and "interval" = '1mo' and currency = 'USD'`,
    ).toEqual([{ id: price!.id }]);
    expect(await json('stripe sync plans')).toEqual([]);
  });

  it('finds prices again by their lookup keys when their ids were lost', async () => {
    await sql`update subctl.plan_prices set stripe_price_id = null where plan_id = 'max'`;
    expect(await json('stripe sync plans')).toMatchObject([{ action: 'link price', plan: 'max' }]);
    expect(world.list('price', ({ metadata }) => metadata['subctl_plan'] === 'max')).toHaveLength(1);
  });

  it('makes a new price for another amount, and sells the old one no more', async () => {
    await type('plans edit carry --price 1mo=59.99');
    const done = await json('stripe sync plans');
    expect(done).toMatchObject([{ action: 'create price', amount: '59.99' }, { action: 'retire price' }]);
    const prices = world.list('price', ({ metadata }) => metadata['subctl_plan'] === 'carry');
    expect(prices.map(({ unit_amount: amount, active }) => [amount, active])).toEqual([
      [5999, true],
      [4999, false],
    ]);
  });

  it('refuses a lookup key that somebody gave to another price', async () => {
    const [price] = world.list('price', ({ metadata }) => metadata['subctl_plan'] === 'bare');
    Object.assign(price!, { unit_amount: 1, metadata: {} });
    const { code, stderr } = await type('stripe sync plans');
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(
        'has the lookup key subctl:bare:v1:1mo:usd, and is not 5.00 USD every 1mo',
      ),
    });
    Object.assign(price!, { unit_amount: 500, metadata: { subctl_plan: 'bare' } });
  });

  it('without a key is configuration, exit 5', async () => {
    const { code, stderr } = await type('stripe sync plans', { STRIPE_SECRET_KEY: '' });
    expect({ code, stderr }).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('There is no key of Stripe'),
    });
  });
});
