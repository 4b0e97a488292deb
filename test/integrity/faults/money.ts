import { type Fault, copy, drop, newest } from '../fault.ts';

/** A payment of ann's is Stripe's, and a webhook about it was processed. */
const told = (object: object): string =>
  `update subctl.payments set provider = 'stripe', provider_id = 'pi_told' where customer_id = 'ann' and id = (select min(k.payment_id::text)::uuid from subctl.net_payments k where k.customer_id = 'ann'); ` +
  `insert into subctl.stripe_events (id, type, created_at, received_at, payload, customer_id, status, processed_at) values ('evt_told', 'told', '2026-05-01', '2026-05-01', '${JSON.stringify({ data: { object } })}', 'ann', 'processed', '2026-05-01'); `;

export const moneyFaults: Fault[] = [
  {
    what: 'the total of an invoice is edited',
    check: 'invoices',
    customer: 'ann',
    sql: `update subctl.invoices set total = total - 10 where customer_id = 'ann'`,
  },
  {
    what: 'a line of an invoice is missing',
    check: 'invoices',
    customer: 'ann',
    sql: `delete from subctl.invoice_lines where customer_id = 'ann' and position = 1`,
  },
  {
    what: 'an invoice is missing',
    check: 'invoices',
    customer: 'max',
    sql: `${drop('invoice_lines', 'invoice_lines_invoice_fk')} delete from subctl.invoices where customer_id = 'max'`,
  },
  {
    what: 'two invoices have one number',
    check: 'invoices',
    customer: 'ann',
    sql: `drop index subctl.invoices_number_key; update subctl.invoices set number = (select min(number) from subctl.invoices where customer_id = 'ann') where customer_id = 'ann'`,
  },
  {
    what: 'a paid invoice has no payment',
    check: 'payments',
    customer: 'ann',
    sql: `delete from subctl.refunds; delete from subctl.payments where customer_id = 'ann'`,
  },
  {
    what: 'an invoice is open although it was paid',
    check: 'payments',
    customer: 'ann',
    sql: `update subctl.invoices set status = 'open', paid_at = null where customer_id = 'ann' and status = 'paid'`,
  },
  {
    what: 'a payment says that it was given back, and was not',
    check: 'payments',
    customer: 'ann',
    sql: `update subctl.payments set status = 'refunded' where customer_id = 'ann' and refunded_minor = 0`,
  },
  ...[
    [
      'a payment that a webhook says came in is not paid',
      'payment_intent',
      { status: 'succeeded', amount_received: 2999 },
      `update subctl.payments set status = 'declined' where provider_id = 'pi_told'; `,
    ],
    [
      'a payment has another amount than a webhook says came in',
      'payment_intent',
      { status: 'succeeded', amount_received: 1999 },
      '',
    ],
    ['a refund that a webhook names is not here', 'refund', { payment_intent: 'pi_told', amount: 100 }, ''],
    [
      'a charge that was given back in part has no refund here',
      'charge',
      { payment_intent: 'pi_told', amount_refunded: 100 },
      `delete from subctl.refunds where customer_id = 'ann'; `,
    ],
    ['a dispute that is lost is not here', 'dispute', { payment_intent: 'pi_told', status: 'lost' }, ''],
  ].map(([what, kind, object, more]): Fault => ({
    what: what as string,
    check: 'webhooks',
    customer: 'ann',
    sql:
      told({ object: kind, id: kind === 'payment_intent' ? 'pi_told' : 'x_told', ...(object as object) }) +
      (more as string),
  })),
  {
    what: 'an invoice says that a part was paid from the balance, and was not',
    check: 'payments',
    customer: 'ann',
    sql: `update subctl.invoices set balance = 5 where customer_id = 'ann' and status = 'paid'`,
  },
  {
    what: 'an invoice takes off more for unused days than was paid before it',
    check: 'unused days',
    customer: 'ann',
    sql: `insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, unit_amount, amount)
          select customer_id, id, 9, 'unused', 'days', -9999, -9999 from subctl.invoices where ${newest('invoices', 'ann', 'issued_at')}`,
  },
  {
    what: 'a refund is missing',
    check: 'refunds',
    customer: 'ann',
    sql: `delete from subctl.refunds where customer_id = 'ann'`,
  },
  {
    what: 'more was given back than came',
    check: 'refunds',
    customer: 'ann',
    sql: `update subctl.refunds set amount = amount * 10, amount_minor = amount_minor * 10 where customer_id = 'ann'`,
  },
  {
    what: 'a refund is in other minor units',
    check: 'refunds',
    customer: 'ann',
    sql: `update subctl.refunds set amount = amount / 100 where customer_id = 'ann'`,
  },
  {
    what: 'more was given back than was said',
    check: 'refunds',
    customer: 'ann',
    sql: `update subctl.payments set refunded_minor = 5 where customer_id = 'ann'`,
  },
  {
    what: 'a renewal says that it was invoiced, for another amount',
    check: 'billed periods',
    customer: 'ann',
    sql: `update subctl.renewals set amount = 1 where customer_id = 'ann' and outcome = 'invoiced'`,
  },
  {
    what: 'an invoice is for a period that nobody renewed',
    check: 'billed periods',
    customer: 'ann',
    sql: `update subctl.renewals set invoice_id = null, outcome = 'renewed', amount = null where customer_id = 'ann'`,
  },
  {
    what: 'a code was used too often',
    check: 'discounts',
    customer: 'ann',
    sql: copy('discount_redemptions', `customer_id = 'ann'`, 'id = gen_random_uuid()'),
  },
];
