import { describe, expect, it } from 'vitest';
import { createRefund } from '../stripe-server/charges.ts';
import { advance, deliver, newBuyer, priceOf, startMirror } from './fixture.ts';

const { sql, world, account, client, newSubscriber, sync } = await startMirror();

describe('money', () => {
  it('of an invoice is one payment, and what is given back is its refund: paid − refunded is what Stripe says (N9, N14, G46)', async () => {
    const { id, stripeCustomer } = await newSubscriber();
    const [intent] = world.list('payment_intent', (each) => each.customer === stripeCustomer);
    createRefund(world, { payment_intent: intent!.id, amount: '1000' });
    await sync(id, '2026-02-01T00:00:00Z');
    await sync(id, '2026-02-01T00:01:00Z');
    const payments =
      await sql`select status, amount_minor::text, refunded_minor::text, currency from subctl.payments where customer_id = ${id}`;
    expect(payments).toEqual([
      { status: 'partially_refunded', amount_minor: '2999', refunded_minor: '1000', currency: 'USD' },
    ]);
    expect(
      await sql`select status, amount_minor::text from subctl.refunds where customer_id = ${id}`,
    ).toEqual([{ status: 'refunded', amount_minor: '1000' }]);
    const invoices =
      await sql`select status, trim_scale(total)::text as total, period_start from subctl.invoices where customer_id = ${id}`;
    expect(invoices).toEqual([
      { status: 'paid', total: '29.99', period_start: new Date('2026-01-31T12:00:00Z') },
    ]);
  });

  it('with a coupon is what is left of it, line by line', async () => {
    const coupon = await client.coupons.create({ percent_off: 25, duration: 'once' });
    const buyer = await newBuyer(sql, { account, world }, { id: 'coupon', at: '2026-01-31T12:00:00Z' });
    await client.subscriptions.create({
      customer: buyer.stripeCustomer,
      items: [{ price: await priceOf(sql, 'pro') }],
      discounts: [{ coupon: coupon.id }],
    });
    await sync('coupon', '2026-02-01T00:00:00Z');
    const lines =
      await sql`select kind, trim_scale(amount)::text as amount from subctl.invoice_lines where customer_id = 'coupon' order by position`;
    expect(lines).toEqual([
      { kind: 'plan', amount: '29.99' },
      { kind: 'discount', amount: '-7.5' },
    ]);
    expect(
      await sql`select trim_scale(total)::text as total from subctl.invoices where customer_id = 'coupon'`,
    ).toEqual([{ total: '22.49' }]);
  });

  it('by bank debit is processing for days and then paid', async () => {
    const { id, clock } = await newSubscriber({ card: 'pm_usBankAccount' });
    await sync(id, '2026-01-31T12:01:00Z');
    expect(await sql`select status from subctl.payments where customer_id = ${id}`).toEqual([
      { status: 'processing' },
    ]);
    await advance(account, clock, '2026-02-04T00:00:00Z');
    await sync(id, '2026-02-04T00:00:00Z');
    expect(await sql`select status from subctl.payments where customer_id = ${id}`).toEqual([
      { status: 'paid' },
    ]);
  });

  it('that is disputed, or probably fraud, is kept and can be listed (N17)', async () => {
    const { id } = await newSubscriber({ card: 'pm_card_createDispute' });
    const events = world
      .events()
      .filter(
        ({ type, data }) =>
          type === 'charge.dispute.created' && JSON.stringify(data).includes('needs_response'),
      );
    const done = await deliver(sql, account, events, new Date('2026-02-01T00:00:00Z'));
    expect(done).toMatchObject([{ status: 'processed', customer: id }]);
    expect(
      await sql`select kind, status, trim_scale(amount)::text as amount from subctl.disputes where customer_id = ${id}`,
    ).toEqual([{ kind: 'dispute', status: 'needs_response', amount: '29.99' }]);
  });
});
