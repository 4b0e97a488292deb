import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { subctl } from '../support/cli.ts';
import { deliver, startMirror } from './fixture.ts';

const { sql, env, world, account, client, newSubscriber, sync, head } = await startMirror();
const at = '2026-02-03T00:00:00Z';

/** The events since some were known, as one burst. */
const burst = (known: number, time = at) =>
  deliver(sql, account, world.events().slice(known), new Date(time));

async function foreignPrice(): Promise<string> {
  const product = await client.products.create({ name: 'Of another program' });
  const recurring = { interval: 'month' } as const;
  return (await client.prices.create({ product: product.id, currency: 'usd', unit_amount: 500, recurring }))
    .id;
}

const parkedOf = (customer: string) => sql`
  select id, reason, last_error as error from subctl.parked where task = 'stripe-reconcile' and customer_id = ${customer} order by id`;

describe('S4: each object of a customer is written by itself', () => {
  it('S4: with a foreign live subscription an own cancellation ends access within the webhook, and the foreign one is named once', async () => {
    const { id, stripeCustomer, subscription } = await newSubscriber();
    await sync(id, '2026-02-01T00:00:00Z');
    const known = world.events().length;
    const foreign = await client.subscriptions.create({
      customer: stripeCustomer,
      items: [{ price: await foreignPrice() }],
    });
    await client.subscriptions.cancel(subscription);
    const done = await burst(known);
    const failed = done.filter(({ status }) => status === 'failed');
    expect(failed.map(({ type }) => type)).toEqual(['customer.subscription.created']);
    expect(done.filter(({ type }) => type === 'customer.subscription.deleted')).toMatchObject([
      { status: 'processed' },
    ]);
    expect(await head(id)).toMatchObject({ plan_id: 'free', collection: 'free' });
    expect(await parkedOf(id)).toEqual([
      {
        id: foreign.id,
        reason: 'refused',
        error: expect.stringContaining('a price that belongs to no plan'),
      },
    ]);
    await sync(id, '2026-02-04T00:00:00Z');
    expect(await parkedOf(id)).toHaveLength(1);
    const doctor = await subctl(['doctor', '--as-of', at], { env });
    expect(doctor.stdout + doctor.stderr).toContain(foreign.id);
  });

  it.each([
    [
      'a quantity of 0',
      (one: Stripe.Subscription) => Object.assign(one.items.data[0]!, { quantity: 0 }),
      'has 0 seats',
    ],
    [
      'a status that is new',
      (one: Stripe.Subscription) => Object.assign(one, { status: 'dormant' }),
      'status dormant',
    ],
    [
      'no period',
      (one: Stripe.Subscription) => Object.assign(one.items.data[0]!, { current_period_end: null }),
      'has no valid period',
    ],
  ])('S4: %s is parked by its id, and the payments beside it come', async (_what, change, said) => {
    const { id, subscription } = await newSubscriber();
    await sync(id, '2026-02-01T00:00:00Z');
    await sql`delete from subctl.payments where customer_id = ${id}`;
    change(world.get('subscription', subscription));
    const { unread, differences } = await sync(id, at);
    expect(unread).toMatchObject([{ customer: id, object: subscription }]);
    expect(await parkedOf(id)).toEqual([
      { id: subscription, reason: 'refused', error: expect.stringContaining(said) },
    ]);
    expect(differences.map(({ object }) => object.split(' ')[0])).toEqual(['payment']);
    expect(await sql`select status from subctl.payments where customer_id = ${id}`).toEqual([
      { status: 'paid' },
    ]);
  });

  it('S4: an invoice, a payment and a dispute that cannot be understood are parked alone, and done once they can be', async () => {
    const { id, stripeCustomer } = await newSubscriber({ card: 'pm_card_createDispute' });
    const [invoice] = world.list('invoice', (each) => each.customer === stripeCustomer);
    const [dispute] = world.list('dispute');
    const total = invoice!.total;
    Object.assign(invoice!, { total: undefined });
    Object.assign(dispute!, { amount: undefined });
    expect((await sync(id, at)).unread.map(({ object }) => object)).toEqual([invoice!.id, dispute!.id]);
    expect(await head(id)).toMatchObject({ status: 'active' });
    Object.assign(invoice!, { total });
    Object.assign(dispute!, { amount: total });
    expect((await sync(id, '2026-02-04T00:00:00Z')).unread).toEqual([]);
    expect(await parkedOf(id)).toEqual([]);
    expect(await sql`select status from subctl.invoices where customer_id = ${id}`).toEqual([
      { status: 'paid' },
    ]);
  });

  it('S4: reconcile says what could not be compared in one sentence, without the name of an error, and exits 7 (S22)', async () => {
    const { id, subscription } = await newSubscriber();
    world.get('subscription', subscription).items.data[0]!.quantity = 0;
    const { code, stderr } = await subctl(
      ['stripe', 'reconcile', '--customer', id, '--apply', '--as-of', at],
      { env },
    );
    expect(code).toBe(7);
    expect(stderr).toContain(
      `${subscription} of ${id} could not be compared: Stripe subscription ${subscription}`,
    );
    expect(stderr).not.toContain('Failure');
    expect(await parkedOf(id)).toMatchObject([{ id: subscription }]);
  });
});
