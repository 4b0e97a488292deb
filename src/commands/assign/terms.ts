import { Failure } from '../../domain/failure.ts';
import type { Assignment } from '../../subscriptions/assignment.ts';

/** The options of `assign` with the terms of the subscription. */
export type TermOptions = Omit<Assignment, 'customer' | 'plan' | 'endsAt' | 'seatsOnly'> & {
  trial: boolean;
  ends?: Date | undefined;
};

/** Reads the terms from the options. */
export function termsOf({
  every,
  currency,
  collection,
  when,
  anchor,
  proration,
  trialDays,
  trial,
  autoRenew,
  ends,
  note,
  discount,
  buyer,
  seats,
}: TermOptions) {
  if (!trial && trialDays !== undefined) throw new Failure('usage', 'Either --trial-days or --no-trial');
  return {
    ...{
      every,
      currency: currency?.toUpperCase(),
      collection,
      when,
      anchor,
      proration,
      note,
      discount,
      buyer,
      seats,
    },
    trialDays: trial ? trialDays : 0,
    autoRenew,
    endsAt: ends,
  };
}
