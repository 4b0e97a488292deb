/** Use beyond a limit, in one window, to report to Stripe. */
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
  /** stored by an earlier run: Stripe may have it */
  resumed: boolean;
  /** the identifier under which Stripe could not count it, and the one for the next try; null for its first */
  identifier: string | null;
}
