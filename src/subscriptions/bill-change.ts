import Big from 'big.js';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type InvoiceLine, type IssuedInvoice, issueInvoice } from '../invoices/issue.ts';
import type { Head } from './head.ts';
import type { Terms } from './terms.ts';

interface Parts {
  /** differences of local dates in the anchor's zone */
  oldDays: number;
  oldLeft: number;
  newDays: number;
  newLeft: number;
}

/**
 * Asks for what a change of plan costs: the price of the new period from now on, less the unused part of the old period's price (R30,
 * by days). No invoice where the new plan is free or complimentary, and no money back: what is left over lapses.
 */
export async function billChange(
  tx: Db,
  change: Change,
  { before, after, terms }: { before: Head; after: Head; terms: Terms },
): Promise<IssuedInvoice | undefined> {
  if (after.collection !== 'invoice' || after.price === null || after.currency === null) return undefined;
  const days = await countDays(tx, change.at, { before, after });
  const full: InvoiceLine = {
    kind: 'plan',
    description: `${terms.name} (${terms.every})`,
    amount: share(after.price, days.newLeft, days.newDays),
    periodStart: change.at,
    periodEnd: after.periodEnd,
  };
  const paid =
    before.collection === 'invoice' && before.status === 'active' && before.currency === after.currency;
  const unused: InvoiceLine[] =
    paid && before.price !== null && days.oldLeft > 0
      ? [
          {
            kind: 'unused',
            description: `${before.plan} (${before.every}), ${days.oldLeft} of ${days.oldDays} days not used`,
            amount: share(before.price, days.oldLeft, days.oldDays).neg(),
            periodStart: change.at,
            periodEnd: before.periodEnd,
          },
        ]
      : [];
  return issueInvoice(tx, change, {
    customer: after.customer,
    subscription: after.id,
    sourceKey: `change:${change.id}`,
    currency: after.currency,
    periodStart: change.at,
    periodEnd: after.periodEnd,
    netDays: terms.netDays,
    lines: [full, ...unused],
  });
}

function share(price: string, left: number, days: number): Big {
  return left >= days ? new Big(price) : new Big(price).times(left).div(days);
}

async function countDays(tx: Db, at: Date, { before, after }: { before: Head; after: Head }): Promise<Parts> {
  const date = (instant: Date, zone: string) => tx`(${instant}::timestamptz at time zone ${zone})::date`;
  const [row] = await tx<[Parts]>`
    select greatest(${date(before.periodEnd, before.timezone)} - ${date(before.periodStart, before.timezone)}, 1) as "oldDays",
           greatest(${date(before.periodEnd, before.timezone)} - ${date(at, before.timezone)}, 0) as "oldLeft",
           greatest(${date(after.periodEnd, after.timezone)} - ${date(after.periodStart, after.timezone)}, 1) as "newDays",
           greatest(${date(after.periodEnd, after.timezone)} - ${date(at, after.timezone)}, 0) as "newLeft"`;
  return row;
}
