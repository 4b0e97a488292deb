import { callRows } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** A plan to upgrade to; `price` is a decimal string in `currency` per `every`. */
export interface Suggestion {
  plan: string;
  name: string;
  version: number;
  price: string;
  currency: string;
  every: string;
}

export interface Wanted {
  customer: string;
  now: Date;
  /** how much of which meter is asked beside what is used */
  asked?: Record<string, string> | undefined;
  /** what is asked, in credits */
  credits?: string | null | undefined;
  provider?: string | undefined;
  model?: string | undefined;
}

/**
 * Finds the cheapest active plan with a higher price in the same currency and interval that would also cover what the customer has used in
 * the open windows and what is asked (R40). Undefined where there is none.
 */
export async function suggestPlan(
  db: Db,
  { customer, now, asked = {}, ...use }: Wanted,
): Promise<Suggestion | undefined> {
  const [row] = await callRows(db, 'subctl.suggest_plan', {
    customer,
    as_of: now,
    asked,
    credits: use.credits,
    provider: use.provider,
    model: use.model,
  });
  return row as Suggestion | undefined;
}

/** `Pro, 39 USD per 1mo, would cover it` and the command that assigns it: the hint of a refusal. */
export function suggestionSentence(customer: string, { plan, price, currency, every }: Suggestion): string {
  return `Plan ${plan}, ${price} ${currency} per ${every}, would cover it: subctl assign ${customer} ${plan}`;
}
