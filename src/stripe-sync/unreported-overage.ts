import type { stripeOverages } from '../database/schema/stripe.ts';

/** Use beyond a limit, in one window, to report to Stripe. */
export interface UnreportedOverage extends Pick<
  typeof stripeOverages.$inferSelect,
  'sourceKey' | 'description' | 'units' | 'amount' | 'currency' | 'windowStart' | 'windowEnd'
> {
  way: 'invoice-items' | 'meter-events';
  meter: string;
  /** written down by an earlier run: Stripe may know it */
  resumed: boolean;
  /** the identifier that it had when Stripe could not count it, and the one for the next try; null for its first */
  identifier: string | null;
}
