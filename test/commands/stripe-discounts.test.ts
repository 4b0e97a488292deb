import { beforeAll, describe, expect, it } from 'vitest';
import { createCustomer } from '../stripe-server/customers.ts';
import { changeCard } from '../stripe-server/methods.ts';
import { completeCheckout } from '../stripe-server/sessions.ts';
import { createSubscription } from '../stripe-server/subscriptions.ts';
import { openShop } from './stripe-shop.ts';

const { sql, world, type, json } = await openShop();

beforeAll(async () => {
  await type('stripe sync plans');
  for (const line of [
    'discounts create TENTH --percent 10 --periods all --max-uses 3',
    'discounts create FIVER --amount 5.00 --currency USD --plan pro --periods 3',
    'discounts create ONCE --percent 50 --max-uses-per-customer 1',
  ])
    expect(await type(line), line).toMatchObject({ code: 0 });
});

describe('P15: our codes at Stripe', () => {
  it('are shown first, made once, found again, and left out where Stripe cannot say them', async () => {
    const shown = await json('stripe sync discounts --dry-run');
    expect(shown.map(({ action, code }) => `${String(action)} ${String(code)}`)).toEqual([
      'skip FIVER', // pro is sold by the year, too
      'skip ONCE',
      'create coupon TENTH',
      'create code TENTH',
    ]);
    expect(world.list('coupon')).toEqual([]);
    await type('stripe sync discounts');
    expect(world.get('coupon', 'subctl_TENTH')).toMatchObject({ percent_off: 10, duration: 'forever' });
    const [code] = world.list('promotion_code');
    expect(code).toMatchObject({ code: 'TENTH', max_redemptions: 3, metadata: { subctl_code: 'TENTH' } });
    expect((await json('stripe sync discounts')).map(({ action }) => action)).toEqual(['skip', 'skip']);
    expect(world.list('coupon')).toHaveLength(1);
  });

  it('lower what is bought on Stripe’s page, and what a change of plan there costs', async () => {
    const page = await json('stripe checkout gus pro --discount tenth');
    completeCheckout(world, String(page['session']), 'pm_card_visa');
    const customer = world.list('customer', ({ metadata }) => metadata['subctl_customer'] === 'gus')[0]!;
    expect(await type(`stripe adopt gus ${customer.id}`)).toMatchObject({ code: 0 });
    const rows =
      await sql`select trim_scale(total)::text as total from subctl.invoices where customer_id = 'gus'`;
    expect(rows).toEqual([{ total: '26.99' }]);
    const other = createCustomer(world, {});
    changeCard(world, other.id, 'pm_card_visa');
    const [price] = await sql<
      { id: string }[]
    >`select stripe_price_id as id from subctl.plan_prices where plan_id = 'pro' and "interval" = '1mo' and currency = 'USD'`;
    createSubscription(world, { customer: other.id, items: [{ price: price!.id, quantity: '1' }] });
    await type(`stripe adopt hal ${other.id}`);
    await json('assign hal max --discount TENTH');
    const [last] =
      await sql`select trim_scale(total)::text as total from subctl.invoices where customer_id = 'hal' order by issued_at desc, number desc limit 1`;
    expect(last).toEqual({ total: '63' }); // 99.99 − 29.99, a tenth off
    expect((await type('assign hal pro --when now --discount NOBODY')).code).toBe(4);
  });

  it('are given to nobody any more there once they are not here', async () => {
    await type('discounts deactivate TENTH');
    expect(await json('stripe sync discounts')).toContainEqual(
      expect.objectContaining({ action: 'deactivate code', code: 'TENTH' }),
    );
    expect(world.list('promotion_code')[0]!.active).toBe(false);
    expect((await type('stripe checkout ida pro --discount TENTH')).code).toBe(4);
  });
});

describe('stripe adopt and stripe reconcile', () => {
  it('a price that was made by hand is known to the dry run of the adoption that names it', async () => {
    const customer = createCustomer(world, { email: 'jon@example.org' });
    changeCard(world, customer.id, 'pm_card_visa');
    const product = world.list('product')[0]!;
    const { createPrice } = await import('../stripe-server/catalogue.ts');
    const price = createPrice(world, {
      product: product.id,
      currency: 'eur',
      unit_amount: '2799',
      recurring: { interval: 'month' },
    });
    await sql`update subctl.plan_prices set stripe_price_id = null where plan_id = 'pro' and currency = 'EUR'`;
    createSubscription(world, { customer: customer.id, items: [{ price: price.id, quantity: '1' }] });
    expect((await type(`stripe adopt jon ${customer.id} --dry-run`)).code).toBe(7);
    const strangers = await type('stripe reconcile');
    expect(strangers.stderr + strangers.stdout).toContain(`${customer.id} (jon@example.org)`);
    const shown = await type(`stripe adopt jon ${customer.id} --price ${price.id}=pro --dry-run --json`);
    expect(shown).toMatchObject({ code: 0 });
    expect(JSON.parse(shown.stdout)).not.toEqual([]);
    expect(await sql`select 1 from subctl.subscriptions where customer_id = 'jon'`).toEqual([]);
    expect(await sql`select 1 from subctl.plan_prices where stripe_price_id = ${price.id}`).toEqual([]);
    expect(await type(`stripe adopt jon ${customer.id} --price ${price.id}=pro`)).toMatchObject({ code: 0 });
    expect(await sql`select plan_id from subctl.subscriptions where customer_id = 'jon'`).toEqual([
      { plan_id: 'pro' },
    ]);
    const after = await type('stripe reconcile');
    expect(after.stderr + after.stdout).not.toContain(customer.id);
  });
});
