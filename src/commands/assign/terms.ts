import { Failure } from '../../domain/failure.ts';
import type { InputOf } from '../command.ts';
import type { assign } from './spec.ts';

/** What the options say about every assignment. */
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
}: InputOf<typeof assign>) {
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
    autoRenew: autoRenew as boolean | undefined,
    endsAt: ends,
  };
}
