import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/stripe-sync/event-subject.ts';
import { announceInvoice, draftInvoice } from '../stripe-server/invoices.ts';
import { deliver, startMirror } from './fixture.ts';

const { sql, world, account, client, server, newSubscriber, sync } = await startMirror().then((all) => ({
  ...all,
  server: all.stripe.server,
}));
const now = new Date('2026-02-01T00:00:00Z');
const burst = (known: number) => deliver(sql, account, world.events().slice(known), now);

describe('S9: an event of something that Stripe cannot be asked for', () => {
  it.each([
    ['without an id', undefined],
    ['with an id that is null', null],
    ['with an empty id', ''],
    ['with the id of a preview', 'upcoming_in_1Abc'],
  ])(
    'S9: invoice.upcoming %s, invoice.deleted and customer.updated together are processed',
    async (_how, id) => {
      const buyer = await newSubscriber();
      await sync(buyer.id, now.toISOString());
      const [paid] = world.list('invoice', (each) => each.customer === buyer.stripeCustomer);
      const known = world.events().length;
      announceInvoice(world, paid!, id);
      const draft = draftInvoice(world, {
        ...{ customer: buyer.stripeCustomer, subscription: null, reason: 'manual', lines: [] },
        period: { start: 1, end: 2 },
      });
      await client.invoices.del(draft.id);
      await client.customers.update(buyer.stripeCustomer, { name: 'Ann' });
      const asked = server.requests.length;
      const done = await burst(known);
      expect(done.map(({ type, status }) => `${type} ${status}`)).toEqual([
        'invoice.upcoming processed',
        'invoice.created processed',
        'invoice.deleted processed',
        'customer.updated processed',
      ]);
      expect(server.requests.slice(asked).map(({ line }) => line)).not.toContain('GET /v1/invoices/null');
    },
  );

  it('S9: a failing event beside others of the same customer fails alone', async () => {
    const { id, stripeCustomer, subscription } = await newSubscriber();
    await sync(id, now.toISOString());
    const known = world.events().length;
    await client.customers.update(stripeCustomer, { name: 'Bob' });
    world.emit('customer.subscription.updated', world.get('subscription', subscription), world.now);
    world.emit(
      'charge.dispute.created',
      { object: 'dispute', id: 'du_none', charge: 'ch_none', customer: stripeCustomer },
      world.now,
    );
    world.get('subscription', subscription).items.data[0]!.quantity = 0;
    const done = await burst(known);
    expect(done.map(({ type, status }) => `${type} ${status}`).sort()).toEqual([
      'charge.dispute.created failed',
      'customer.subscription.updated failed',
      'customer.updated processed',
    ]);
    expect(new Set(done.map(({ note }) => note)).size).toBe(3);
  });

  it('S9: an id counts when it is text with the prefix of its type', () => {
    const of = (type: string, object: object) =>
      subjectOf({ type, data: { object } } as unknown as Stripe.Event)!;
    for (const id of [undefined, null, '', 7, {}, 'upcoming_in_1', 'il_1', 'in_', 'in_1/../x'])
      expect(of('invoice.paid', { object: 'invoice', id }).invoice, String(id)).toBeUndefined();
    expect(of('invoice.paid', { object: 'invoice', id: 'in_1' }).invoice).toBe('in_1');
    expect(
      of('customer.subscription.updated', { object: 'subscription', id: 'sub_sched_1' }).subscription,
    ).toBeUndefined();
    expect(
      of('charge.succeeded', { object: 'charge', id: 'py_1', payment_intent: { id: 'pi_1' } }),
    ).toMatchObject({ charge: 'py_1', intent: 'pi_1' });
  });
});

describe('S19: an event of an older version of the API', () => {
  it('S19: refunds without a customer, and a detached method, reach their customer within the webhook', async () => {
    const { id, stripeCustomer } = await newSubscriber();
    await sync(id, now.toISOString());
    const [intent] = world.list('payment_intent', (each) => each.customer === stripeCustomer);
    const known = world.events().length;
    await client.refunds.create({ payment_intent: intent!.id, amount: 100 });
    const [card] = world.list('payment_method', (each) => each.customer === stripeCustomer);
    await client.paymentMethods.detach(card!.id);
    const events = world.events().slice(known);
    for (const event of events.filter(({ type }) => /refund/.test(type)))
      delete (event.data.object as { customer?: unknown }).customer;
    const done = await deliver(sql, account, events, now);
    expect(done.map(({ type, status, customer }) => [type, status, customer])).toEqual([
      ['refund.created', 'processed', id],
      ['charge.refunded', 'processed', id],
      ['payment_method.detached', 'processed', id],
    ]);
    expect(
      await sql`select refunded_minor::int as minor from subctl.payments where customer_id = ${id}`,
    ).toEqual([{ minor: 100 }]);
    expect(await sql`select method_id from subctl.stripe_mirrors where customer_id = ${id}`).toEqual([
      { method_id: null },
    ]);
  });

  it.each<
    [string, (ids: { intent: string; charge: string; invoice: string; subscription: string }) => object]
  >([
    [
      'charge.refund.updated',
      ({ charge }) => ({ object: 'refund', id: 're_1', charge, payment_intent: null }),
    ],
    [
      'refund.updated',
      ({ intent }) => ({ object: 'refund', id: 're_1', payment_intent: intent, charge: null }),
    ],
    [
      'invoice_payment.paid',
      ({ invoice, intent }) => ({
        object: 'invoice_payment',
        id: 'inpay_1',
        invoice,
        payment: { type: 'payment_intent', payment_intent: intent },
      }),
    ],
    [
      'checkout.session.completed',
      ({ subscription }) => ({
        object: 'checkout.session',
        id: 'cs_1',
        subscription,
        customer: null,
        invoice: '',
      }),
    ],
    [
      'subscription_schedule.updated',
      ({ subscription }) => ({ object: 'subscription_schedule', id: 'sub_sched_1', subscription }),
    ],
  ])('S19: %s names its customer by what it belongs to', async (type, objectOf) => {
    const { id, stripeCustomer, subscription } = await newSubscriber();
    await sync(id, now.toISOString());
    const [intent] = world.list('payment_intent', (each) => each.customer === stripeCustomer);
    const [invoice] = world.list('invoice', (each) => each.customer === stripeCustomer);
    const ids = {
      intent: intent!.id,
      charge: intent!.latest_charge as string,
      invoice: invoice!.id,
      subscription,
    };
    const event = world.emit(type, objectOf(ids), world.now);
    expect(await deliver(sql, account, [event], now)).toMatchObject([{ status: 'processed', customer: id }]);
  });
});
