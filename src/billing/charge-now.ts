import { and, eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { inTransaction } from '../database/transaction.ts';
import { orm } from '../database/orm.ts';
import { invoices } from '../database/schema/invoices.ts';
import { lockCustomer } from '../customers/find-customer.ts';
import { Failure } from '../domain/failure.ts';
import { getInvoice, type Invoice } from '../invoices/find-invoice.ts';
import type { ChargeOutcome, Gateway } from '../payments/gateway.ts';
import { settleSubscriptions } from '../subscriptions/settle.ts';
import { askProvider, type Attempt, intendCharge, settleCharge } from './charge.ts';
import { describeAmountDue } from './amount-due.ts';
import type { InvoiceOutcome } from './pay-invoice.ts';
import { refuseCharge } from './refuse-charge.ts';

/** An invoice to charge now, and the attempt that is written for it. */
export interface ChargeNow {
  invoice: Invoice;
  attempt: Attempt;
}

/**
 * Writes an attempt to charge an open invoice now, whatever its schedule: permanently declined, waiting for its retry day, or payable by
 * hand. An attempt that is already under way is resumed. The caller commits before asking the provider.
 * @throws Failure not_found, refused for an invoice that is not open, one that Stripe collects, and amounts that cannot be charged
 */
export async function intendChargeNow(
  tx: Db,
  change: Change,
  { number, customer: whose, provider }: { number: string; customer?: string | undefined; provider: string },
): Promise<ChargeNow> {
  const found = await getInvoice(tx, { number, customer: whose });
  const { customer, id } = found;
  await lockCustomer(tx, customer);
  await settleSubscriptions(tx, change, [customer]);
  const invoice = await getInvoice(tx, { number: id, customer });
  await checkOwed(tx, invoice);
  await tx`
    update subctl.invoices i set collect_at = ${change.at}
     where i.customer_id = ${customer} and i.id = ${id} and i.status = 'open'
       and not exists (select from subctl.payments p where p.customer_id = i.customer_id and p.invoice_id = i.id and p.status in ('intended', 'processing', 'requires_action'))`;
  const attempt = (await intendCharge(tx, change, { customer, invoice: id, provider }))!;
  const after = {
    payment: attempt.payment,
    amount: invoice.total,
    currency: invoice.currency,
    key: attempt.key,
  };
  await audit(tx, change, [{ customer, entity: 'payment', key: attempt.payment, before: null, after }]);
  return { invoice, attempt };
}

async function checkOwed(tx: Db, { customer, number, status, id, total, currency }: Invoice): Promise<void> {
  if (status !== 'open') {
    throw new Failure('refused', `Invoice ${number} of ${customer} is ${status}, so it cannot be charged`, {
      hint: `subctl invoices show ${number}`,
    });
  }
  const [row] = await orm(tx)
    .select({ stripe: invoices.stripeInvoiceId })
    .from(invoices)
    .where(and(eq(invoices.customerId, customer), eq(invoices.id, id)));
  if (row!.stripe !== null) {
    throw new Failure('refused', `Invoice ${number} of ${total} ${currency} is collected by Stripe`, {
      hint: `Send the customer to: subctl stripe portal ${customer}`,
    });
  }
}

/** Asks the provider and writes its answer, once. An attempt that breaks off is resumed by handle-renewals, or by calling this again. */
export async function chargeIntended(
  connection: Connection,
  { invoice, attempt }: ChargeNow,
  { change, gateway, later }: { change: Change; gateway: Gateway; later: () => Promise<Date> },
): Promise<InvoiceOutcome & { outcome: ChargeOutcome }> {
  const answer = await askProvider(connection, gateway, attempt).catch(async (error: unknown) => {
    const over = { ...change, at: await later() };
    await inTransaction(connection, (tx) => refuseCharge(tx, over, { attempt, error }));
    throw error;
  });
  const now = { ...change, at: await later() };
  await inTransaction(connection, (tx) => settleCharge(tx, now, { attempt, answer }));
  const { outcome } = answer.charge;
  const after = await getInvoice(connection, { number: invoice.id, customer: invoice.customer });
  const amountDue = await describeAmountDue(connection, {
    customer: invoice.customer,
    subscription: invoice.subscription,
    now: now.at,
  });
  const what = `${invoice.total} ${invoice.currency} of invoice ${invoice.number} of ${invoice.customer}`;
  return {
    ...{
      invoice: invoice.number,
      customer: invoice.customer,
      status: after.status,
      total: invoice.total,
      currency: invoice.currency,
    },
    ...{
      payment: attempt.payment,
      payment_status: outcome.status,
      subscription_status: amountDue.status,
      paid_at: after.paidAt,
    },
    ...(outcome.status === 'declined' && { decline: outcome.decline, code: outcome.code }),
    ...(outcome.status === 'requires_action' && { url: outcome.url ?? null }),
    changed: true,
    outcome,
    sentence: sentenceOf(outcome, what, amountDue.sentence),
  };
}

function sentenceOf(outcome: ChargeOutcome, what: string, amountDue: string): string {
  switch (outcome.status) {
    case 'paid':
      return `Charged ${what}${amountDue}`;
    case 'declined':
      return `Could not charge ${what}: ${outcome.message}${amountDue}`;
    case 'requires_action':
      return `The payment of ${what} needs the customer's confirmation${outcome.url === undefined ? '' : ` at ${outcome.url}`}`;
    case 'processing':
      return `The payment of ${what} is processing`;
    case 'canceled':
      return `Did not charge ${what}: the payment was canceled`;
  }
}
