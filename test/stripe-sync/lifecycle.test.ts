import { describe, expect, it } from 'vitest';
import { changeCard } from '../stripe-server/methods.ts';
import { advance, startMirror } from './fixture.ts';

const { sql, world, account, client, newSubscriber, sync, head, access } = await startMirror();

describe('a subscription that Stripe owns', () => {
  it('is mirrored with its plan by the price, its period from the item, and its seats (N11, P11)', async () => {
    const { id } = await newSubscriber({ seats: 3 });
    expect(await sync(id, '2026-01-31T12:01:00Z')).toMatchObject({ compared: 1, unread: [] });
    expect(await head(id)).toMatchObject({
      status: 'active',
      plan_id: 'pro',
      collection: 'stripe',
      quantity: 3,
      price: '29.99',
      current_period_start: new Date('2026-01-31T12:00:00Z'),
      current_period_end: new Date('2026-02-28T12:00:00Z'),
    });
    expect((await sync(id, '2026-01-31T12:02:00Z')).differences).toEqual([]);
  });

  it('renews by the periods of Stripe, which count from the anchor at the month’s end too, and counts usage anew from their start', async () => {
    const { id, clock } = await newSubscriber();
    await sync(id, '2026-01-31T12:01:00Z');
    await sql`select subctl.record_usage(customer => ${id}, kind => 'llm', at => '2026-02-10T00:00:00Z', as_of => '2026-02-10T00:00:00Z')`;
    await advance(account, clock, '2026-03-02T00:00:00Z');
    await sync(id, '2026-03-02T00:00:00Z');
    expect(await head(id)).toMatchObject({
      current_period_start: new Date('2026-02-28T12:00:00Z'),
      current_period_end: new Date('2026-03-31T12:00:00Z'),
    });
    const resets = await sql`select at, cause from subctl.usage_resets where customer_id = ${id} order by at`;
    expect(resets.at(-1)).toEqual({ at: new Date('2026-02-28T12:00:00Z'), cause: 'renewal' });
    const [window] =
      await sql`select used::text, closed_at is not null as ended from subctl.window_usage where customer_id = ${id} and "window" = 'period' order by window_start limit 1`;
    expect(window).toMatchObject({ used: '1' });
    const renewals =
      await sql`select outcome, trim_scale(amount)::text as amount, period_end from subctl.renewals where customer_id = ${id}`;
    expect(renewals).toEqual([
      { outcome: 'paid', amount: '29.99', period_end: new Date('2026-03-31T12:00:00Z') },
    ]);
  });

  it('that is incomplete is no subscription, and one that expires so never was', async () => {
    const { id, clock, subscription } = await newSubscriber({ card: 'pm_card_chargeCustomerFail' });
    expect((await client.subscriptions.retrieve(subscription)).status).toBe('incomplete');
    await sync(id, '2026-01-31T12:01:00Z');
    expect(await head(id)).toBeUndefined();
    await advance(account, clock, '2026-02-02T00:00:00Z');
    expect((await client.subscriptions.retrieve(subscription)).status).toBe('incomplete_expired');
    await sync(id, '2026-02-02T00:00:00Z');
    expect(await head(id)).toBeUndefined();
  });

  it('whose payment fails is past due with access, and keeps it for as long as Stripe tries (N10, defect 72)', async () => {
    const { id, clock, stripeCustomer } = await newSubscriber();
    changeCard(world, stripeCustomer, 'pm_card_chargeCustomerFail');
    await advance(account, clock, '2026-03-01T12:00:00Z');
    await sync(id, '2026-03-01T12:00:00Z');
    expect(await access(id, '2026-03-20T00:00:00Z')).toMatchObject({
      plan_id: 'pro',
      status: 'past_due',
      access: true,
    });
    const payments =
      await sql`select status, error from subctl.payments where customer_id = ${id} order by at`;
    expect(payments).toMatchObject([
      { status: 'paid' },
      { status: 'declined', error: expect.stringContaining('generic_decline') },
    ]);
    changeCard(world, stripeCustomer, 'pm_card_visa');
    await advance(account, clock, '2026-03-04T12:00:00Z');
    await sync(id, '2026-03-04T12:00:00Z');
    expect(await head(id)).toMatchObject({
      status: 'active',
      current_period_end: new Date('2026-03-31T12:00:00Z'),
    });
  });

  it('that is unpaid is past due without access, and nothing here ends it', async () => {
    world.dunning.then = 'unpaid';
    const { id, clock, stripeCustomer } = await newSubscriber();
    await sync(id, '2026-01-31T12:01:00Z');
    changeCard(world, stripeCustomer, 'pm_card_chargeCustomerFail');
    await advance(account, clock, '2026-03-15T12:00:00Z');
    world.dunning.then = 'canceled';
    await sync(id, '2026-03-15T12:00:00Z');
    expect(await access(id, '2026-03-15T12:00:00Z')).toMatchObject({
      plan_id: 'pro',
      status: 'past_due',
      access: false,
      reason: 'past_due',
      basis: 'subscription',
    });
    const [{ done }] = await sql<
      [{ done: number }]
    >`select subctl_internal.expire_subscriptions('2026-06-01', array[${id}], 'test') as done`;
    expect(done).toBe(0);
  });

  it('is never ended here, however long nobody hears of Stripe', async () => {
    const { id, subscription } = await newSubscriber();
    await sync(id, '2026-01-31T12:01:00Z');
    expect(await access(id, '2026-07-01T00:00:00Z')).toMatchObject({
      plan_id: 'pro',
      status: 'active',
      access: true,
    });
    await client.subscriptions.update(subscription, { cancel_at_period_end: true });
    await sync(id, '2026-02-01T00:00:00Z');
    expect(await head(id)).toMatchObject({ cancel_at_period_end: true });
    expect(await access(id, '2026-07-01T00:00:00Z')).toMatchObject({ plan_id: 'pro', access: true });
    for (const task of ['expire_subscriptions', 'renew_subscriptions'])
      expect(
        await sql`select subctl_internal.${sql(task)}('2026-07-01', array[${id}], 'test') as done`,
      ).toEqual([{ done: 0 }]);
  });

  it('that was canceled ends at Stripe’s instant, and the customer falls to the plan that everybody has', async () => {
    const { id, clock, subscription } = await newSubscriber();
    await sync(id, '2026-01-31T12:01:00Z');
    await client.subscriptions.update(subscription, { cancel_at_period_end: true });
    await advance(account, clock, '2026-03-02T00:00:00Z');
    await sync(id, '2026-03-02T00:00:00Z');
    const rows =
      await sql`select plan_id, status, ended_at from subctl.subscriptions where customer_id = ${id} order by started_at, id`;
    expect(rows).toMatchObject([
      { plan_id: 'pro', status: 'canceled', ended_at: new Date('2026-02-28T12:00:00Z') },
      { plan_id: 'free', status: 'active', ended_at: null },
    ]);
  });

  it('in its trial is trialing until Stripe’s end of it, and then paid', async () => {
    const { id, clock } = await newSubscriber({ plan: 'trial', at: '2026-01-10T08:00:00Z', trial: 14 });
    await sync(id, '2026-01-10T08:01:00Z');
    expect(await head(id)).toMatchObject({
      status: 'trialing',
      current_period_end: new Date('2026-01-24T08:00:00Z'),
    });
    await advance(account, clock, '2026-01-25T08:00:00Z');
    await sync(id, '2026-01-25T08:00:00Z');
    expect(await head(id)).toMatchObject({
      status: 'active',
      current_period_start: new Date('2026-01-24T08:00:00Z'),
      current_period_end: new Date('2026-02-24T08:00:00Z'),
    });
  });
});
