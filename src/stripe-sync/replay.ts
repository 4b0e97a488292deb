import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { instantOf, secondsOf } from '../payments/stripe-values.ts';
import { receiveEvent } from './inbox.ts';

export interface Missing extends Record<string, unknown> {
  id: string;
  type: string;
  created_at: Date;
}

/** Stripe dates events by its own clock, which may be behind ours. */
const marginSeconds = 3600;

/**
 * Fetches the events of Stripe since an instant (it keeps them 30 days), stores the missing ones and returns them, oldest first. Starts an
 * hour earlier; known events are passed over anyway.
 */
export async function fetchMissing(
  db: Db,
  account: StripeAccount,
  { since, types, now, keep }: { since: Date; types: readonly string[]; now: Date; keep: boolean },
): Promise<Missing[]> {
  const missing: Missing[] = [];
  const params = {
    created: { gte: secondsOf(since) - marginSeconds },
    limit: 100,
    ...(types.length > 0 && { types: [...types] }),
  };
  for await (const event of account.pages((client: Stripe) => client.events.list(params))) {
    const [known] = await db`select 1 from subctl.stripe_events where id = ${event.id}`;
    if (known) continue;
    if (keep) await receiveEvent(db, event, now);
    missing.push({ id: event.id, type: event.type, created_at: instantOf(event.created) });
  }
  return missing.reverse();
}
