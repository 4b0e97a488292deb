import { describe, expect, it } from 'vitest';
import { openShop } from './stripe-shop.ts';

const { sql, world, faults, type, json } = await openShop();

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

  it('S10: refuses a lookup key that somebody gave to another price, and goes on with the others', async () => {
    const [price] = world.list('price', ({ metadata }) => metadata['subctl_plan'] === 'bare');
    Object.assign(price!, { unit_amount: 1, metadata: {} });
    await type('plans create after --price 1mo=3');
    const { code, stderr } = await type('stripe sync plans');
    expect({ code, stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining(
        'has the lookup key subctl:bare:v1:1mo:usd but is not 5.00 USD every 1mo',
      ),
    });
    expect(world.list('price', ({ metadata }) => metadata['subctl_plan'] === 'after')).toHaveLength(1);
    Object.assign(price!, { unit_amount: 500, metadata: { subctl_plan: 'bare' } });
    expect(await json('stripe sync plans')).toEqual([]);
  });

  it('S10: a price that Stripe cannot have is left out with the reason, and its plan’s others are made', async () => {
    await type('plans create rare --price 4y=100 --price 1y=30');
    await type('plans create rarer --price 1mo=3');
    const planned = await type('stripe sync plans --dry-run');
    expect(planned).toMatchObject({ code: 7 });
    expect(world.list('price', ({ metadata }) => metadata['subctl_plan'] === 'rarer')).toEqual([]);
    const { code, stdout, stderr } = await type('stripe sync plans --json');
    expect({ code, stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining(
        'rare every 4y in USD was skipped: Plan rare is paid every 4y',
      ) as string,
    });
    expect(JSON.parse(stdout)).toMatchObject([
      { action: 'skip', plan: 'rare', every: '4y', stripe_id: null },
      { action: 'create product', plan: 'rare' },
      { action: 'create product', plan: 'rarer' },
      { action: 'create price', plan: 'rare', every: '1y' },
      { action: 'create price', plan: 'rarer' },
    ]);
    expect(await json('stripe sync plans')).toMatchObject([{ action: 'skip', plan: 'rare' }]);
    await type('plans deactivate rare');
  });

  it('S10: a plan whose product Stripe refuses is left out whole, once, and the next ones are made', async () => {
    for (const id of ['one', 'two']) await type(`plans create ${id} --price 1mo=3 --price 1y=30`);
    faults.plan({ kind: 'refused', line: /^POST \/v1\/products$/ });
    const { code, stderr } = await type('stripe sync plans');
    expect({ code, stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('one was skipped: Stripe refused:') as string,
    });
    const prices = world.list('price').map(({ metadata }) => metadata['subctl_plan']);
    expect([prices.filter((id) => id === 'one').length, prices.filter((id) => id === 'two').length]).toEqual([
      0, 2,
    ]);
    const done = await json('stripe sync plans');
    expect(done.map(({ action, plan }) => `${String(action)} ${String(plan)}`)).toEqual([
      'create product one',
      'create price one',
      'create price one',
    ]);
  });

  it('without a key is configuration, exit 5', async () => {
    const { code, stderr } = await type('stripe sync plans', { STRIPE_SECRET_KEY: '' });
    expect({ code, stderr }).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('There is no Stripe key'),
    });
  });
});
