import Big from 'big.js';
import type { Db } from '../database/connect.ts';
import { type Share, shareOf, whole } from '../domain/money.ts';
import type { LiveSubscription } from './live-subscription.ts';

export const prorations = ['none', 'days', 'days-and-usage', 'seconds'] as const;

/** How the rest of a period is measured: not at all, by local dates, by dates and by the usage of a meter, or by the second. */
export type Proration = (typeof prorations)[number];

/** The rest of the current period, of the days that were paid for; `ends` is until when those run. */
export interface Rest {
  left: Big;
  of: Big;
  ends: Date;
  /** for the invoice */
  words: string;
}

/** The credit of a customer for the rest of a period: exact, and by the invoices it comes from. */
export interface Unused {
  value: Share;
  words: string;
  ends: Date;
  credits: readonly Credit[];
}

/** The part of a credit that comes from an invoice, and what was kept of that invoice. */
export interface Credit {
  invoice: string;
  part: number;
  kept: string;
}

interface Measure {
  at: Date;
  by: Exclude<Proration, 'none'>;
}

/** Computes the rest of a stored period; pauses and extensions are in neither number (R30). */
export async function restOfPeriod(
  db: Db,
  { customer, id }: LiveSubscription,
  { at, by }: Measure,
): Promise<Rest> {
  const [row] = await db<[{ rest: string; whole: string; ends: Date; words: string }]>`
    select r.rest::text, r.whole::text, r.ends, r.words
      from subctl.subscriptions s cross join lateral subctl_internal.rest_of_period(s, ${at}, ${by}) r
     where s.customer_id = ${customer} and s.id = ${id}`;
  const { rest, whole: of, ends, words } = row;
  return { left: new Big(rest), of: new Big(of), ends, words: words.replace('not used', 'of the period') };
}

/** Computes what was paid and kept for the rest of a stored period (R30); undefined where that is nothing. */
export async function findUnused(
  db: Db,
  { customer, id }: LiveSubscription,
  { at, by }: Measure,
): Promise<Unused | undefined> {
  const [row] = await db<{ value: string; words: string; ends: Date; credits: Credit[] }[]>`
    select u.value::text, u.words, u.ends, u.credits
      from subctl.subscriptions s cross join lateral subctl_internal.unused_value(s, ${at}, ${by}) u
     where s.customer_id = ${customer} and s.id = ${id}`;
  return row && { ...row, value: whole(row.value) };
}

/** The exact share of a price for the rest of a period. */
export const partOf = (price: string, { left, of }: Rest): Share => shareOf(whole(price), left, of);
