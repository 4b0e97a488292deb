import type { Proration } from './prorate.ts';
import type { Collection } from './terms.ts';

/** A plan to assign to a customer; undefined fields follow from the plan. */
export interface Assignment {
  customer: string;
  plan: string;
  every?: string | undefined;
  currency?: string | undefined;
  collection?: Collection | undefined;
  /** by default an upgrade now and a downgrade at the period's end; an instant in the future shortens the current period */
  when?: 'now' | 'period-end' | Date | undefined;
  /** what an upgrade does with the period; a full new one by default */
  anchor?: 'keep' | 'reset' | undefined;
  /** how the rest of the old period is prorated; by days by default */
  proration?: Proration | undefined;
  /** 0 is none */
  trialDays?: number | undefined;
  autoRenew?: boolean | undefined;
  endsAt?: Date | undefined;
  note?: string | undefined;
  /** the admin of a group who buys for it */
  buyer?: string | undefined;
  /** a discount code for the immediate charge */
  discount?: string | undefined;
  /** of a plan that is sold by the seat; by default one for each member */
  seats?: number | undefined;
  /** only the seats change; `plan` is the present one */
  seatsOnly?: boolean | undefined;
}
