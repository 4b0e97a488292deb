/** Use beyond a limit, in one window, that Stripe is to be told. */
export interface UnreportedOverage {
  sourceKey: string;
  way: 'invoice-items' | 'meter-events';
  description: string;
  meter: string;
  units: string;
  amount: string;
  currency: string;
  windowStart: Date;
  windowEnd: Date;
  /** written down by an earlier run: Stripe may know it */
  resumed: boolean;
  /** the identifier that it had when Stripe could not count it, and the one for the next try; null for its first */
  identifier: string | null;
}
