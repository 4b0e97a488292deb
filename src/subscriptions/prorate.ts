import Big from 'big.js';
import type { Db } from '../database/connect.ts';
import { type Share, shareOf, whole } from '../domain/money.ts';
import type { LiveSubscription } from './live-subscription.ts';

export const prorations = ['none', 'days', 'days-and-usage', 'seconds'] as const;

/** How what is left of a period is measured: not at all, by local dates, by dates and by what was used of a meter, or to the second. */
export type Proration = (typeof prorations)[number];

/** What is left of the period under way, of the days that were paid for; `ends` is until when those run. */
export interface Rest {
  left: Big;
  of: Big;
  ends: Date;
  /** for the invoice */
  words: string;
}

/** What the customer gets back for the rest of a period: exact, and of which invoices it comes. */
export interface Unused {
  value: Share;
  words: string;
  ends: Date;
  credits: readonly Credit[];
}

/** Which part of a credit comes of an invoice, and what was kept of that one then. */
export interface Credit {
  invoice: string;
  part: number;
  kept: string;
}

interface Measure {
  at: Date;
  by: Exclude<Proration, 'none'>;
}

/** What is left of the period that a head is written with: pauses and days that were given are in neither number (R30). */
export async function restOfPeriod(
  db: Db,
  { customer, id }: LiveSubscription,
  { at, by }: Measure,
): Promise<Rest> {
  const [row] = await db<[{ rest: string; whole: string; ends: Date; words: string }]>`
    select r.rest::text, r.whole::text, r.ends, r.words
      from subctl.subscriptions s cross join lateral subctl.rest_of_period(s, ${at}, ${by}) r
     where s.customer_id = ${customer} and s.id = ${id}`;
  const { rest, whole: of, ends, words } = row;
  return { left: new Big(rest), of: new Big(of), ends, words: words.replace('not used', 'of the period') };
}

/** What was paid and kept for the rest of the period that a head is written with (R30); undefined where that is nothing. */
export async function findUnused(
  db: Db,
  { customer, id }: LiveSubscription,
  { at, by }: Measure,
): Promise<Unused | undefined> {
  const [row] = await db<{ value: string; words: string; ends: Date; credits: Credit[] }[]>`
    select u.value::text, u.words, u.ends, u.credits
      from subctl.subscriptions s cross join lateral subctl.unused_value(s, ${at}, ${by}) u
     where s.customer_id = ${customer} and s.id = ${id}`;
  return row && { ...row, value: whole(row.value) };
}

/** The part of a price that a rest stands for, exact. */
export const partOf = (price: string, { left, of }: Rest): Share => shareOf(whole(price), left, of);
