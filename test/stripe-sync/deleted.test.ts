import { describe, expect, it } from 'vitest';
import { failRefund } from '../stripe-server/charges.ts';
import { subctl } from '../support/cli.ts';
import { deliver, startMirror } from './fixture.ts';

const { sql, env, world, account, client, newSubscriber, sync, head } = await startMirror();
const gone = '2026-02-10T00:00:00Z';
const later = '2026-02-10T00:05:00Z';

const burst = (known: number) => deliver(sql, account, world.events().slice(known), new Date(later));

describe('S5: a customer that is deleted at Stripe', () => {
  it.each([
    ['by webhook', true, true],
    ['by the night alone', true, false],
    ['by webhook, where Stripe lists nothing of it any more', false, true],
    ['by the night alone, where Stripe lists nothing of it any more', false, false],
  ])('S5: loses its plan at Stripe’s instant, and falls back: %s', async (_how, listed, told) => {
    const { id, stripeCustomer, clock } = await newSubscriber();
    await sync(id, '2026-02-01T00:00:00Z');
    await client.testHelpers.testClocks.advance(clock, { frozen_time: Date.parse(gone) / 1000 });
    const known = world.events().length;
    await client.customers.del(stripeCustomer);
    world.listsDeleted = listed;
    if (told) expect(await burst(known)).toMatchObject([{ status: 'processed' }, { status: 'processed' }]);
    else expect(await sync(id, later)).toMatchObject({ unread: [] });
    expect(await head(id)).toMatchObject({ plan_id: 'free', current_period_start: new Date(gone) });
    expect(
      await sql`select status, ended_at from subctl.subscriptions where customer_id = ${id} and collection = 'stripe'`,
    ).toEqual([{ status: 'canceled', ended_at: new Date(gone) }]);
    expect(await sync(id, later)).toMatchObject({ unread: [], differences: [] });
    world.listsDeleted = true;
    const bought = await subctl(['stripe', 'checkout', id, 'pro', '--as-of', later, '--json'], { env });
    expect(bought).toMatchObject({ code: 0 });
    const [row] = await sql`select stripe_customer_id as now from subctl.customers where id = ${id}`;
    expect(row!['now']).toMatch(/^cus_/);
    expect(row!['now']).not.toBe(stripeCustomer);
  });

  it('S5: is charged as another customer of Stripe’s, and refunds of what it paid before still come', async () => {
    const { id, stripeCustomer } = await newSubscriber();
    await sync(id, '2026-02-01T00:00:00Z');
    const [intent] = world.list('payment_intent', (each) => each.customer === stripeCustomer);
    await client.customers.del(stripeCustomer);
    await sync(id, later);
    const charged = await subctl(['assign', id, 'max', '--collection', 'charge', '--as-of', later], { env });
    expect(charged.stderr).not.toContain('No such customer');
    expect(
      await sql`select 1 from subctl.customers where id = ${id} and stripe_customer_id = ${stripeCustomer}`,
    ).toEqual([]);
    const known = world.events().length;
    const refund = await client.refunds.create({ payment_intent: intent!.id, amount: 500 });
    expect((await burst(known)).every(({ customer }) => customer === id)).toBe(true);
    const refunded = () =>
      sql`select refunded_minor::int as minor from subctl.payments where customer_id = ${id} and provider_id = ${intent!.id}`;
    expect(await refunded()).toEqual([{ minor: 500 }]);
    failRefund(world, refund.id);
    await burst(world.events().length - 1);
    expect(await refunded()).toEqual([{ minor: 0 }]);
  });
});
