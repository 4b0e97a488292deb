import { beforeAll, describe, expect, it } from 'vitest';
import { passTime } from '../stripe-server/clocks.ts';
import { attachMethod, changeCard } from '../stripe-server/methods.ts';
import { completeCheckout } from '../stripe-server/sessions.ts';
import { idOf } from '../stripe-server/world.ts';
import { subctl } from '../support/cli.ts';
import { openShop } from './stripe-shop.ts';

const { sql, env, world, type, json } = await openShop();
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

describe('S3: a charge at renewal beside a page that is open', () => {
  /** A customer of two monthly charges, and a page of the time before, which nobody has closed. */
  const renewing = async (id: string) => {
    await type(`customers add ${id}`);
    const open = await page(id);
    const stripe = await stripeOf(id);
    attachMethod(world, 'pm_card_visa', { customer: stripe });
    expect(await type(`assign ${id} pro --collection charge`)).toMatchObject({ code: 0 });
    world.get('checkout_session', open).status = 'open';
    return { open, stripe, due: new Date((world.now + 32 * 86_400) * 1000).toISOString() };
  };
  const renew = (id: string, at: string) =>
    subctl(['handle-renewals', '--customer', id, '--as-of', at], { env });
  const payments = (id: string) =>
    sql`select status from subctl.payments where customer_id = ${id} order by at, attempt`;

  it('S3: a renewal closes the page before it charges', async () => {
    const { open, stripe, due } = await renewing('lea');
    expect(await renew('lea', due)).toMatchObject({ code: 0 });
    expect(pages('lea')).toEqual(['expired']);
    expect(() => completeCheckout(world, open, 'pm_card_visa')).toThrow('expired');
    expect(charged(stripe)).toEqual([2999, 2999]);
  });

  it('S3: a renewal of what was bought at Stripe as well waits, is not declined, and is charged when that is over', async () => {
    const { open, stripe, due } = await renewing('mia');
    completeCheckout(world, open, 'pm_card_visa');
    const [bought] = world.list('subscription', ({ customer }) => idOf(customer) === stripe);
    expect(await renew('mia', due)).toMatchObject({ code: 7 });
    expect(charged(stripe)).toEqual([2999, 2999]); // the first period here, and the page
    expect(await payments('mia')).toEqual([{ status: 'paid' }, { status: 'intended' }]);
    expect((await subctl(['parked', 'list', '--json'], { env })).stdout).toContain(
      `mia has pro at Stripe already: ${bought!.id}`,
    );
    const [{ number }] = await sql<[{ number: string }]>`
      select number from subctl.invoices where customer_id = 'mia' and status = 'open'`;
    expect(await subctl(['invoices', 'charge', number, '--as-of', due], { env })).toMatchObject({ code: 4 });
    bought!.status = 'canceled';
    changeCard(world, stripe, 'pm_card_visa'); // the page saved a second one
    const later = new Date(Date.parse(due) + 2 * 86_400_000).toISOString();
    expect(await renew('mia', later)).toMatchObject({ code: 0 });
    expect(charged(stripe)).toEqual([2999, 2999, 2999]);
    expect(await payments('mia')).toEqual([{ status: 'paid' }, { status: 'paid' }]);
  });

  it('S3: while a payment for a plan is under way, no page is opened', async () => {
    await type('customers add nia');
    await page('nia');
    attachMethod(world, 'pm_card_authenticationRequired', { customer: await stripeOf('nia') });
    expect(await type('assign nia pro --collection charge')).toMatchObject({ code: 7 });
    expect(await type('stripe checkout nia pro')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('A payment of nia for another plan is under way') as string,
    });
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
      stderr: expect.stringContaining('no saved payment method') as string,
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
      stderr: expect.stringContaining('already belongs to acme') as string,
    });
    expect((await type('stripe checkout twin pro')).code).toBe(8);
    expect(await sql`select status from subctl.payments where customer_id = 'twin'`).toEqual([]);
    await sql`update subctl.customers set stripe_customer_id = null where id = 'twin'`;
  });
});
