import Big from 'big.js';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type InvoiceLine, type IssuedInvoice, issueInvoice } from '../invoices/issue.ts';
import { whole } from '../domain/money.ts';
import type { Head } from './head.ts';
import { type Proration, type Rest, partOf, restOf } from './prorate.ts';
import { type Terms, isBilled } from './terms.ts';

interface Bill {
  before: Head;
  after: Head;
  terms: Terms;
  by: Proration;
  /** of the old period, as it was before the change */
  rest: Rest;
}

/**
 * Asks for what a change of plan costs: the new plan's price from now on to the end of its period, less the unused part of the old one's
 * (R30). A credit is at most the charge: nothing is paid out, and the line says what lapses. No invoice where the new plan is free or
 * complimentary, nor, without proration, where the period goes on.
 */
export async function billChange(tx: Db, change: Change, bill: Bill): Promise<IssuedInvoice | undefined> {
  const { after, terms, by } = bill;
  if (!isBilled(after.collection) || after.price === null || after.currency === null) return undefined;
  const begins = after.periodStart.getTime() === change.at.getTime();
  if (by === 'none' && !begins) return undefined;
  const ahead = await restOf(tx, after, { at: change.at, by: by === 'seconds' ? 'seconds' : 'days' });
  const charge: InvoiceLine = {
    kind: 'plan',
    description: `${terms.name} (${terms.every})${begins ? '' : `, ${ahead.words.replace('not used', 'of the period')}`}`,
    amount: begins ? whole(priceOf(after.price, after)) : partOf(priceOf(after.price, after), ahead),
    periodStart: change.at,
    periodEnd: after.periodEnd,
  };
  return issueInvoice(tx, change, {
    customer: after.customer,
    subscription: after.id,
    sourceKey: `change:${change.id}`,
    currency: after.currency,
    periodStart: change.at,
    periodEnd: after.periodEnd,
    netDays: terms.netDays,
    charged: after.collection === 'charge',
    lines: [charge, ...(await creditOf(tx, change, bill))],
  });
}

/** Of all seats. */
const priceOf = (price: string, { quantity }: Head): string => new Big(price).times(quantity).toFixed();

/** What the old plan is worth for the rest of its period, where that period was charged. */
async function creditOf(tx: Db, change: Change, { before, after, by, rest }: Bill): Promise<InvoiceLine[]> {
  const { price, currency, plan, every } = before;
  if (by === 'none' || price === null || currency !== after.currency || rest.left.lte(0)) return [];
  if (before.status !== 'active' || !(await isCharged(tx, before, change.at))) return [];
  const { over, under } = partOf(priceOf(price, before), rest);
  return [
    {
      kind: 'unused',
      description: `${plan} (${every}), ${rest.words}`,
      amount: { over: over.neg(), under },
      periodStart: change.at,
      periodEnd: before.periodEnd,
    },
  ];
}

/** Whether the period under way was invoiced: neither given away, nor missed and left uncharged. */
export async function isCharged(db: Db, head: Head, at: Date): Promise<boolean> {
  if (!isBilled(head.collection)) return false;
  const [row] = await db<[{ found: boolean }]>`
    select exists (
      select from subctl.invoices i
       where i.customer_id = ${head.customer} and i.subscription_id = ${head.id} and i.status in ('open', 'paid')
         and i.period_start >= ${head.periodStart} and i.period_start <= ${at}) as found`;
  return row.found;
}
