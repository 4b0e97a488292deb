import { describe, expect, it } from 'vitest';
import { assign } from '../support/plans.ts';
import { advance, newBuyer, priceOf, startMirror } from './fixture.ts';

const { sql, world, account, client, newSubscriber, sync, head } = await startMirror();

describe('a subscription at Stripe beside what is here', () => {
  it('takes over the plan for which nobody pays, and its credits end', async () => {
    const buyer = await newBuyer(sql, { account, world }, { id: 'from-free', at: '2026-01-31T12:00:00Z' });
    await assign(sql, '2026-01-05T00:00:00Z', { customer: 'from-free', plan: 'free' });
    await client.subscriptions.create({
      customer: buyer.stripeCustomer,
      items: [{ price: await priceOf(sql, 'max') }],
    });
    await sync('from-free', '2026-01-31T12:01:00Z');
    const rows =
      await sql`select plan_id, status, collection from subctl.subscriptions where customer_id = 'from-free'`;
    expect(rows).toEqual([{ plan_id: 'max', status: 'active', collection: 'stripe' }]);
    const [{ balance }] = await sql<
      [{ balance: string }]
    >`select subctl_internal.credit_balance('from-free', '2026-01-31T12:01:00Z')::text as balance`;
    expect(Number(balance)).toBe(500);
  });

  it('beside one that is paid here is refused, and nothing of it is written (defect 75)', async () => {
    const buyer = await newBuyer(sql, { account, world }, { id: 'twice', at: '2026-01-31T12:00:00Z' });
    await assign(sql, '2026-01-05T00:00:00Z', { customer: 'twice', plan: 'pro' });
    await client.subscriptions.create({
      customer: buyer.stripeCustomer,
      items: [{ price: await priceOf(sql, 'max') }],
    });
    const { unread } = await sync('twice', '2026-01-31T12:01:00Z');
    expect(unread).toMatchObject([
      {
        error: {
          kind: 'refused',
          message: expect.stringContaining('twice pays for a subscription to pro by invoice'),
        },
      },
    ]);
    expect(await head('twice')).toMatchObject({ plan_id: 'pro', collection: 'invoice' });
  });

  it('to a price that no plan has is an error, never guessed (P11)', async () => {
    const buyer = await newBuyer(
      sql,
      { account, world },
      { id: 'unknown-price', at: '2026-01-31T12:00:00Z' },
    );
    const product = await client.products.create({ name: 'Other' });
    const price = await client.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 500,
      recurring: { interval: 'month' },
    });
    await client.subscriptions.create({ customer: buyer.stripeCustomer, items: [{ price: price.id }] });
    const { unread } = await sync('unknown-price', '2026-01-31T12:01:00Z');
    expect(unread).toMatchObject([
      {
        error: {
          kind: 'refused',
          message: expect.stringContaining(`a price that belongs to no plan: ${price.id}`),
        },
      },
    ]);
    expect(await head('unknown-price')).toBeUndefined();
  });

  it('that changes its plan within a period goes on with its period and what was used', async () => {
    const { id, clock, subscription, item } = await newSubscriber();
    await sync(id, '2026-01-31T12:01:00Z');
    await advance(account, clock, '2026-02-14T12:00:00Z');
    await client.subscriptions.update(subscription, {
      items: [{ id: item, price: await priceOf(sql, 'max') }],
      proration_behavior: 'always_invoice',
    });
    await sync(id, '2026-02-14T12:00:05Z');
    expect(await head(id)).toMatchObject({
      plan_id: 'max',
      price: '99.99',
      current_period_end: new Date('2026-02-28T12:00:00Z'),
    });
    const [{ balance }] = await sql<
      [{ balance: string }]
    >`select subctl_internal.credit_balance(${id}, '2026-02-14T12:00:05Z')::text as balance`;
    expect(Number(balance)).toBe(500);
    const lines = await sql`
      select l.kind, trim_scale(l.amount)::text as amount from subctl.invoice_lines l join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id
       where l.customer_id = ${id} and l.kind = 'proration' order by l.amount`;
    expect(lines).toEqual([
      { kind: 'proration', amount: '-15' },
      { kind: 'proration', amount: '50' },
    ]);
    // B7: each invoice keeps the plan of its own period (R29a)
    const plans = await sql<{ plan: string }[]>`
      select plan_id || ' ' || every as plan from subctl.invoices where customer_id = ${id} order by issued_at`;
    expect(plans.map(({ plan }) => plan)).toEqual(['pro 1mo', 'max 1mo']);
  });
});
