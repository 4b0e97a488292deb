import { callRows } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import Big from 'big.js';
import { lockCustomer } from '../customers/find-customer.ts';
import { Failure } from '../domain/failure.ts';
import { getInvoice } from '../invoices/find-invoice.ts';
import { settleSubscriptions } from '../subscriptions/settle.ts';
import { describeAmountDue } from './amount-due.ts';

/** A payment to record by hand. */
export interface ManualPayment {
  number: string;
  customer?: string | undefined;
  provider: string;
  reference: string;
  /** the whole amount by default; anything else is refused */
  amount?: string | undefined;
  /** when it was received; now by default */
  at?: Date | undefined;
}

/** The result of a payment, a void or a refund, as `--json` shows it. */
export interface InvoiceOutcome extends Record<string, unknown> {
  invoice: string;
  customer: string;
  status: string;
  changed: boolean;
  sentence: string;
}

function refuseFuture(at: Date, now: Date): void {
  if (at <= now) return;
  throw new Failure(
    'refused',
    `The payment date ${at.toISOString()} is in the future: it is ${now.toISOString()} now`,
    {
      hint: 'Give the day on which the money was received',
    },
  );
}

/**
 * Records a payment of an invoice: the whole amount, under a reference that is unique for its provider. Recording it again changes
 * nothing. A subscription that was past due for it is active from now on and returns to its anchor (R35); one that has ended by its dates
 * stays ended.
 * @throws Failure not_found, refused (not open, another amount, a future date), conflict for a reference of another payment
 */
export async function payInvoice(tx: Db, change: Change, asked: ManualPayment): Promise<InvoiceOutcome> {
  const found = await getInvoice(tx, asked);
  const { customer } = found;
  const at = asked.at ?? change.at;
  refuseFuture(at, change.at);
  await lockCustomer(tx, customer);
  await settleSubscriptions(tx, change, [customer]);
  const amount = new Big(asked.amount ?? found.total).toFixed();
  const [row] = await callRows(tx, 'subctl_internal.pay_invoice', {
    p_customer: customer,
    p_invoice: found.id,
    p_provider: asked.provider,
    p_reference: asked.reference,
    p_amount: amount,
    p_at: at,
    p_as_of: change.at,
    p_change: change.id,
  });
  const paid = { payment: row!.payment!, replayed: row!.replayed!, recovered: row!.recovered! };
  if (paid.recovered) await settleSubscriptions(tx, change, [customer]);
  const after = await getInvoice(tx, { number: found.id, customer });
  if (!paid.replayed) {
    await audit(tx, change, [
      {
        customer,
        entity: 'invoice',
        key: found.number,
        before: { status: found.status },
        after: {
          status: after.status,
          provider: asked.provider,
          reference: asked.reference,
          total: found.total,
        },
      },
    ]);
  }
  const amountDue = await describeAmountDue(tx, {
    customer,
    subscription: found.subscription,
    now: change.at,
  });
  const what = `${found.total} ${found.currency} for invoice ${found.number} of ${customer}`;
  return {
    ...{
      invoice: found.number,
      customer,
      status: after.status,
      total: found.total,
      currency: found.currency,
    },
    ...{ provider: asked.provider, reference: asked.reference, paid_at: after.paidAt, payment: paid.payment },
    ...{ replayed: paid.replayed, recovered: paid.recovered, subscription_status: amountDue.status },
    changed: !paid.replayed,
    sentence: paid.replayed
      ? `Nothing to do: ${what} is already recorded under ${asked.reference}`
      : `Recorded ${what}${paid.recovered ? '; the subscription is active again' : amountDue.sentence}`,
  };
}
