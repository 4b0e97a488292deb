import Big from 'big.js';
import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type InvoiceLine, type IssuedInvoice, issueInvoice, readIssued } from '../invoices/issue.ts';
import { whole } from '../domain/money.ts';
import type { LiveSubscription } from './live-subscription.ts';
import { discountProration } from './discount-proration.ts';
import { type Proration, type Unused, partOf, restOfPeriod } from './prorate.ts';
import { type Terms, isBilled } from './terms.ts';

interface Bill {
  before: LiveSubscription;
  after: LiveSubscription;
  terms: Terms;
  by: Proration;
  /** of the old period, as it was before the change */
  unused: Unused | undefined;
}

/**
 * Invoices a change of plan: the new plan's price from now on to the end of its period, less what was paid and kept for the rest of the
 * old period (R30). A credit is at most the charge: nothing is paid out, and the line says what lapses. There is no invoice where the new
 * plan is free or complimentary, nor where the period continues without proration.
 */
export async function billChange(tx: Db, change: Change, bill: Bill): Promise<IssuedInvoice | undefined> {
  const { after, terms, by } = bill;
  if (!isBilled(after.collection) || after.price === null || after.currency === null) return undefined;
  const begins = after.periodStart.getTime() === change.at.getTime();
  if (by === 'none' && !begins) return undefined;
  const charge = await chargeOf(tx, change, { after, terms, by: begins ? 'none' : by });
  const invoice = await issueInvoice(tx, change, {
    customer: after.customer,
    subscription: after.id,
    plan: { id: after.plan, every: after.every },
    sourceKey: `change:${change.id}`,
    currency: after.currency,
    periodStart: change.at,
    periodEnd: after.periodEnd,
    netDays: terms.netDays,
    charged: after.collection === 'charge',
    lines: [charge, ...creditOf(change, bill)],
  });
  return lowerByCodes(tx, change, { bill, invoice, begins });
}

/**
 * Applies discounts. Codes of several periods discount the invoice of a period that begins. Where the period continues, percentage codes
 * that discounted its invoice discount the rest of it too, and count no period.
 */
async function lowerByCodes(
  tx: Db,
  change: Change,
  { bill: { before, after }, invoice, begins }: { bill: Bill; invoice: IssuedInvoice; begins: boolean },
): Promise<IssuedInvoice> {
  if (!begins) return discountProration(tx, change, { head: before, invoice });
  await call(tx, 'subctl_internal.apply_discount_codes', {
    p_customers: [after.customer],
    p_subscriptions: [after.id],
    p_ids: [invoice.id],
    p_as_of: change.at,
  });
  return readIssued(tx, after.customer, invoice.id);
}

/** The price of all seats: whole for a period that begins, else the share for the rest of the current one. */
async function chargeOf(
  tx: Db,
  { at }: Change,
  { after, terms, by }: Pick<Bill, 'after' | 'terms' | 'by'>,
): Promise<InvoiceLine> {
  const price = new Big(after.price!).times(after.quantity).toFixed();
  const line = { kind: 'plan', description: `${terms.name} (${terms.every})`, periodStart: at } as const;
  if (by === 'none') return { ...line, amount: whole(price), periodEnd: after.periodEnd };
  const rest = await restOfPeriod(tx, after, { at, by: by === 'seconds' ? 'seconds' : 'days' });
  return {
    ...line,
    description: `${line.description}, ${rest.words}`,
    amount: partOf(price, rest),
    periodEnd: rest.ends > at ? rest.ends : after.periodEnd,
  };
}

/** The credit for the rest of the old plan's period, in the same currency. */
function creditOf(change: Change, { before, after, unused }: Bill): InvoiceLine[] {
  if (!unused || before.currency !== after.currency) return [];
  const { value, words, ends, credits } = unused;
  return [
    {
      kind: 'unused',
      description: words,
      amount: { over: value.over.neg(), under: value.under },
      periodStart: change.at,
      periodEnd: ends,
      credits,
    },
  ];
}
