import type { StripeSubscription } from './read-subscription.ts';

export interface Mirroring {
  customer: string;
  found: StripeSubscription;
  /** when it was read */
  at: Date;
}
