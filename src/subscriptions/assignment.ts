import type { Proration } from './prorate.ts';
import type { Collection } from './terms.ts';

/** A customer is to have a plan; what is undefined follows from the plan. */
export interface Assignment {
  customer: string;
  plan: string;
  every?: string | undefined;
  currency?: string | undefined;
  collection?: Collection | undefined;
  /** up is now and down at the period's end unless said; an instant to come cuts the period that runs then short */
  when?: 'now' | 'period-end' | Date | undefined;
  /** what an upgrade does with the period; a full new one unless said */
  anchor?: 'keep' | 'reset' | undefined;
  /** how what is left of the old period counts: by days unless said */
  proration?: Proration | undefined;
  /** 0 is none */
  trialDays?: number | undefined;
  autoRenew?: boolean | undefined;
  endsAt?: Date | undefined;
  note?: string | undefined;
  /** the admin of a group who buys for it */
  buyer?: string | undefined;
  /** a code that lowers what is asked for now */
  discount?: string | undefined;
  /** of a plan that is sold by the seat: one for each member unless said */
  seats?: number | undefined;
  /** nothing but the seats of what it has changes; `plan` is what it has */
  seatsOnly?: boolean | undefined;
}
