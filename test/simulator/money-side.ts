import { payInvoice } from '../../src/billing/pay-invoice.ts';
import { intendRefund, settleRefund } from '../../src/billing/refund.ts';
import { voidInvoice } from '../../src/billing/void-invoice.ts';
import type { Change } from '../../src/database/change.ts';
import type { Db } from '../../src/database/connect.ts';
import { Failure } from '../../src/domain/failure.ts';
import { settleSubscriptions } from '../../src/subscriptions/settle.ts';

/** The invoice of the live subscription that is due first. */
async function firstOwed(tx: Db, change: Change, customer: string): Promise<string> {
  await settleSubscriptions(tx, change, [customer]);
  const [first] = await tx<{ number: string }[]>`
    select i.number from subctl.invoices i join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id
     where i.customer_id = ${customer} and i.status = 'open' and s.ended_at is null order by i.due_at, i.id limit 1`;
  if (!first) throw new Failure('not_found', 'Nothing is owed');
  return first.number;
}

/** Takes it back. */
export async function voidFirst(tx: Db, change: Change, customer: string): Promise<unknown> {
  return voidInvoice(tx, change, { number: await firstOwed(tx, change, customer) });
}

/** Gives a part of the newest paid invoice back. */
export async function refundLast(
  tx: Db,
  change: Change,
  { customer, amount }: { customer: string; amount: string },
): Promise<unknown> {
  const [last] = await tx<{ number: string }[]>`
    select number from subctl.invoices where customer_id = ${customer} and status = 'paid' and total > 0 order by issued_at desc, number desc limit 1`;
  if (!last) throw new Failure('not_found', 'Nothing was paid');
  const refund = await intendRefund(tx, change, { number: last.number, amount, reference: change.id });
  return settleRefund(tx, change, { refund, answer: { status: 'refunded' } });
}

/** Pays it. */
export async function payFirst(tx: Db, change: Change, customer: string): Promise<unknown> {
  return payInvoice(tx, change, {
    number: await firstOwed(tx, change, customer),
    customer,
    provider: 'bank',
    reference: `${customer} ${change.id}`,
  });
}
