import { describe, expect, it } from 'vitest';
import { run } from '../../src/run.ts';
import { passTime } from '../stripe-server/clocks.ts';
import { completeCheckout } from '../stripe-server/sessions.ts';
import { createCoupon, createPromotionCode } from '../stripe-server/coupons.ts';
import { bodyOf, signature } from '../stripe-server/sign.ts';
import { testSecret } from '../stripe-server/start.ts';
import { subctl } from '../support/cli.ts';
import { assign } from '../support/plans.ts';
import { screen } from '../support/screen.ts';
import { openShop } from './stripe-shop.ts';

const { sql, env, keys, world, type, json } = await openShop();
await type('stripe sync plans');

describe('stripe checkout and stripe portal', () => {
  it('print an address; once the customer has paid there, the webhook brings the subscription (N12)', async () => {
    const page = await json('stripe checkout gus pro --promotion-codes');
    expect(page).toMatchObject({
      url: expect.stringContaining('https://checkout.stripe.test/'),
      plan: 'pro',
      amount: '29.99',
      seats: 1,
    });
    expect(await sql`select count(*)::int as n from subctl.subscriptions where customer_id = 'gus'`).toEqual([
      { n: 0 },
    ]);
    const coupon = createCoupon(world, { percent_off: '50', duration: 'once' });
    const code = createPromotionCode(world, {
      promotion: { coupon: coupon.id, type: 'coupon' },
      code: 'SPRING',
    });
    completeCheckout(world, String(page['session']), 'pm_card_visa', code.id);
    const event = world.events().find(({ type: each }) => each === 'checkout.session.completed')!;
    const now = new Date(world.now * 1000);
    const took = await subctl(
      [
        'stripe',
        'webhook',
        '--signature',
        signature(bodyOf(event), now, testSecret),
        '--as-of',
        now.toISOString(),
        '--json',
      ],
      { env, stdin: bodyOf(event) },
    );
    expect(JSON.parse(took.stdout)).toMatchObject({ status: 'processed', customer: 'gus' });
    expect(
      await sql`select plan_id, status, collection from subctl.subscriptions where customer_id = 'gus'`,
    ).toEqual([{ plan_id: 'pro', status: 'active', collection: 'stripe' }]);
    expect(
      await sql`select trim_scale(total)::text as total, status from subctl.invoices where customer_id = 'gus'`,
    ).toEqual([{ total: '14.99', status: 'paid' }]);
    const opened = await type('stripe portal gus --json');
    expect(JSON.parse(opened.stdout)).toMatchObject({
      url: expect.stringContaining('https://billing.stripe.test/'),
    });
  });

  it('a first payment that fails makes no subscription: what failed stays failed (N12)', async () => {
    const page = await json('stripe checkout ida pro');
    expect(() => completeCheckout(world, String(page['session']), 'pm_card_chargeCustomerFail')).toThrow(
      'declined',
    );
    expect((await type('stripe-reconcile')).code).toBe(0);
    expect(await sql`select count(*)::int as n from subctl.subscriptions where customer_id = 'ida'`).toEqual([
      { n: 0 },
    ]);
  });

  it('a second purchase is refused while the first is paid for, here or there (defect 75)', async () => {
    await assign(sql, '2026-03-01T00:00:00Z', { customer: 'hal', plan: 'pro' });
    for (const [id, how] of [
      ['gus', 'stripe'],
      ['hal', 'invoice'],
    ]) {
      const { code, stderr } = await type(`stripe checkout ${id} max`);
      expect({ code, stderr }).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(`${id} has pro by ${how}: a customer can have only one subscription`),
      });
    }
  });

  it.each([
    ['stripe checkout jon nothing', 3, 'There is no plan'],
    ['stripe checkout nobody pro', 3, 'There is no customer'],
    ['stripe checkout jon old', 4, 'closed to new subscribers'],
    ['stripe checkout jon free', 4, 'has no price per 1mo at Stripe'],
    ['stripe checkout jon pro --return-url javascript:alert(1)', 2, 'is not a web address'],
    ['stripe portal jon', 4, 'jon is not linked with a Stripe customer'],
    ['stripe events show evt_none', 3, 'There is no webhook evt_none'],
    ['stripe events show', 2, 'needs an event id'],
    ['stripe events replay', 2, 'needs --since'],
    ['stripe adopt jon cus_none', 3, 'Stripe does not have it'],
  ])('%s is refused with exit %i', async (line, exit, said) => {
    const { code, stderr } = await type(line);
    expect({ code, stderr }).toMatchObject({ code: exit, stderr: expect.stringContaining(said) });
  });
});

describe('what Stripe has already', () => {
  it('is taken over with its history, by prices that were made there by hand (N13)', async () => {
    const client = await (
      await import('../../src/payments/stripe-account.ts')
    ).openStripe({ secretKey: keys.STRIPE_SECRET_KEY, apiUrl: keys.STRIPE_API_URL }).client;
    const product = await client.products.create({ name: 'By hand' });
    const price = await client.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 9999,
      recurring: { interval: 'month' },
    });
    await sql`update subctl.plan_prices set stripe_price_id = null where plan_id = 'max'`;
    const customer = await client.customers.create({ payment_method: undefined } as never);
    const { changeCard } = await import('../stripe-server/methods.ts');
    changeCard(world, customer.id, 'pm_card_visa');
    await client.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    passTime(world, world.now + 70 * 86_400);
    const adopted = await json(`stripe adopt jon ${customer.id} --price ${price.id}=max`);
    expect(adopted.map(({ object }) => String(object).split(' ')[0]).sort()).toEqual([
      'invoice',
      'invoice',
      'invoice',
      'payment',
      'payment',
      'payment',
      'subscription',
    ]);
    expect(world.get('customer', customer.id).metadata).toMatchObject({ subctl_customer: 'jon' });
    expect(await json(`stripe adopt jon ${customer.id}`)).toEqual([]);
    expect(await type(`stripe adopt kim ${customer.id}`)).toMatchObject({ code: 8 });
  });

  it('is compared: what differs is shown with exit 4, and mended with --apply', async () => {
    await type('stripe reconcile --apply');
    await sql`update subctl.subscriptions set quantity = 9 where customer_id = 'gus'`;
    const shown = await type('stripe reconcile --json');
    expect(shown.code).toBe(4);
    expect(JSON.parse(shown.stdout)).toMatchObject([
      { customer: 'gus', field: 'seats', here: '9', stripe: '1' },
    ]);
    expect(await type('stripe reconcile --apply')).toMatchObject({ code: 0 });
    expect(await type('stripe reconcile')).toMatchObject({ code: 0 });
  });

  it('is pulled by the nightly task, which is finished by the next run when it was cut', async () => {
    passTime(world, world.now + 2 * 86_400);
    await sql`update subctl.subscriptions set quantity = 9 where customer_id = 'gus'`;
    expect(await json('stripe-reconcile --limit 1 --verbose')).toMatchObject({
      done: 1,
      rows: [{ customer: 'gus', action: 'mend' }],
    });
    expect(await json('stripe-reconcile')).toMatchObject({ done: 0, skipped: 2, parked: 0 });
    expect(await json('stripe-reconcile')).toMatchObject({ done: 0, skipped: 0 });
  });

  it('a customer who cannot be compared is parked, and the others go on', async () => {
    passTime(world, world.now + 86_400);
    world.held.delete(
      String((await sql`select stripe_customer_id as id from subctl.customers where id = 'ida'`)[0]!['id']),
    );
    await sql`update subctl.plan_prices set stripe_price_id = 'price_other' where plan_id = 'pro'`;
    const done = await type('stripe-reconcile --json');
    expect(done.code).toBe(7);
    expect(JSON.parse(done.stdout)).toMatchObject({ parked: 1 });
    expect(
      await sql`select customer_id, last_error from subctl.parked where task = 'stripe-reconcile'`,
    ).toMatchObject([
      { customer_id: 'gus', last_error: expect.stringContaining('a price that belongs to no plan') },
    ]);
  });

  it('stripe disputes lists what is disputed', async () => {
    expect((await type('stripe disputes')).stdout).toContain('There are no disputes');
  });
});

it('serve takes webhooks in until it is told to stop', async () => {
  const shown = screen({ tty: false });
  const stop = new AbortController();
  const running = run(['serve', '--listen', '127.0.0.1:0'], {
    ...shown.streams,
    env,
    cwd: '/',
    signal: stop.signal,
  });
  const url = await expect
    .poll(() => /http:\S+/.exec(shown.err())?.[0])
    .toBeDefined()
    .then(() => /http:\S+/.exec(shown.err())![0]);
  const event = { ...world.events()[0]!, id: 'evt_served', type: 'product.created' };
  const body = bodyOf(event as never);
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'stripe-signature': signature(body, new Date(), testSecret) },
  });
  expect(await answer.json()).toEqual({ received: 'evt_served', new: true });
  await expect
    .poll(
      async () => (await sql`select status from subctl.stripe_events where id = 'evt_served'`)[0]?.['status'],
    )
    .toBe('ignored');
  stop.abort();
  expect(await running).toBe(0);
});
