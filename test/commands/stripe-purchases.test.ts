import { beforeAll, describe, expect, it } from 'vitest';
import { passTime } from '../stripe-server/clocks.ts';
import { attachMethod } from '../stripe-server/methods.ts';
import { completeCheckout } from '../stripe-server/sessions.ts';
import { idOf } from '../stripe-server/world.ts';
import { openShop } from './stripe-shop.ts';

const { sql, world, type, json } = await openShop();
beforeAll(async () => expect(await type('stripe sync plans')).toMatchObject({ code: 0 }), 60_000);

const page = async (customer: string, plan = 'pro') =>
  String((await json(`stripe checkout ${customer} ${plan}`))['session']);
const pages = (customer: string) =>
  world
    .list('checkout_session', (each) => each.client_reference_id === customer)
    .map(({ status }) => status)
    .reverse();
const stripeOf = async (customer: string) =>
  (
    await sql<{ id: string }[]>`select stripe_customer_id as id from subctl.customers where id = ${customer}`
  )[0]!.id;
const charged = (stripe: string) =>
  world.list('charge', ({ customer, paid }) => paid && idOf(customer) === stripe).map(({ amount }) => amount);

describe('S3: one purchase at a time, by whichever doors', () => {
  it('S3: the second page closes the first, and the customer can pay once', async () => {
    const first = await page('gus', 'max');
    const second = await page('gus');
    expect(pages('gus')).toEqual(['expired', 'open']);
    expect(() => completeCheckout(world, first, 'pm_card_visa')).toThrow('expired');
    completeCheckout(world, second, 'pm_card_visa');
    expect(charged(await stripeOf('gus'))).toEqual([2999]);
  });

  it('S3: what was bought at Stripe, and that nobody here has heard of, is bought', async () => {
    completeCheckout(world, await page('hal'), 'pm_card_visa');
    const [bought] = world.list('subscription');
    for (const line of ['stripe checkout hal max', 'assign hal max --collection charge']) {
      const { code, stderr } = await type(line);
      expect({ line, code, stderr }).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(`hal has pro at Stripe already: ${bought!.id} is active`) as string,
      });
    }
    expect(charged(await stripeOf('hal'))).toEqual([2999]);
    expect(await sql`select 1 from subctl.payments where customer_id = 'hal'`).toEqual([]);
  });

  it('S3: a charge here closes the page, and a page for something else stays open', async () => {
    const open = await page('ida');
    const stripe = await stripeOf('ida');
    attachMethod(world, 'pm_card_visa', { customer: stripe });
    const other = {
      ...world.get('checkout_session', open),
      id: 'cs_other',
      mode: 'payment' as const,
      client_reference_id: 'x',
    };
    world.add('checkout_session', other);
    expect(await type('assign ida pro --collection charge --dry-run')).toMatchObject({ code: 0 });
    expect(pages('ida')).toEqual(['open']);
    expect(await type('assign ida pro --collection charge')).toMatchObject({ code: 0 });
    expect([pages('ida'), other.status]).toEqual([['expired'], 'open']);
    expect(charged(stripe)).toEqual([2999]);
  });

  it('S3: of two that live at Stripe the first holds, and the second is named with what to do', async () => {
    const [a, b] = [await page('jon'), await page('jon', 'max')];
    world.get('checkout_session', a).status = 'open'; // as two servers that opened a page in the same moment
    completeCheckout(world, a, 'pm_card_visa');
    passTime(world, world.now + 60);
    completeCheckout(world, b, 'pm_card_visa');
    const [second, first] = world.list(
      'subscription',
      ({ customer }) => idOf(customer) === world.get('checkout_session', a).customer,
    );
    const { code, stderr, stdout } = await type('stripe reconcile --customer jon --apply');
    expect(`${code} ${stdout}${stderr}`).toContain(second!.id);
    expect(await json('subscriptions show jon')).toMatchObject({
      plan: 'pro',
      status: 'active',
      collection: 'stripe',
    });
    expect(
      await sql`select stripe_subscription_id as id from subctl.subscriptions where customer_id = 'jon' and ended_at is null`,
    ).toEqual([{ id: first!.id }]);
  });
});

describe('S1: nobody is charged on the customer of another', () => {
  it('S1: ids that differ in capitals buy on their own customers and cards', async () => {
    await type('customers add acme');
    await type('customers add ACME --email big@example.org');
    completeCheckout(world, await page('acme'), 'pm_card_visa');
    passTime(world, world.now + 120);
    const before = JSON.stringify(world.get('customer', await stripeOf('acme')));
    const { code, stderr } = await type('assign ACME pro --collection charge');
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('no saved way to pay') as string,
    });
    expect(JSON.stringify(world.get('customer', await stripeOf('acme')))).toBe(before);
    expect(charged(await stripeOf('acme'))).toEqual([2999]);
    expect(await stripeOf('ACME')).not.toBe(await stripeOf('acme'));
  });

  it('S1: a customer of Stripe that two have here is charged for neither, and nothing waits', async () => {
    await type('customers add twin');
    await sql`update subctl.customers set stripe_customer_id = ${await stripeOf('acme')} where id = 'twin'`;
    const { code, stderr } = await type('assign twin pro --collection charge');
    expect({ code, stderr }).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('belongs to acme already') as string,
    });
    expect((await type('stripe checkout twin pro')).code).toBe(8);
    expect(await sql`select status from subctl.payments where customer_id = 'twin'`).toEqual([]);
    await sql`update subctl.customers set stripe_customer_id = null where id = 'twin'`;
  });
});
