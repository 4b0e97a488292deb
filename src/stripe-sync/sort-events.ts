import type Stripe from 'stripe';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import { findPayer } from './event-payer.ts';
import { type EventSubject, subjectOf } from './event-subject.ts';
import type { InboxEvent } from './inbox.ts';
import { findDispute, type FoundDispute } from './mirror-dispute.ts';

/** A waiting event, as it was received. */
export type Waiting = InboxEvent & { payload: Stripe.Event };

/** Events about one customer at Stripe, or about none here. */
export interface Group {
  stripeCustomer: string | undefined;
  events: KnownEvent[];
}

/** An event with its subject. */
export interface KnownEvent {
  event: Waiting;
  subject: EventSubject;
  dispute: FoundDispute | undefined;
}

/** Waiting events, sorted: by customer, unused ones, and those whose subject could not be found. */
export interface Sorted {
  groups: Group[];
  needless: Waiting[];
  unknown: { event: Waiting; error: unknown }[];
}

/** Sorts waiting events by their customer. A failure to find it fails that event alone. */
export async function sortEvents(account: StripeAccount, waiting: readonly Waiting[]): Promise<Sorted> {
  const groups = new Map<string, Group>();
  const sorted: Sorted = { groups: [], needless: [], unknown: [] };
  for (const event of waiting) {
    const subject = subjectOf(event.payload);
    if (!subject) {
      sorted.needless.push(event);
      continue;
    }
    try {
      const dispute = subject.dispute && (await findDispute(account, subject.dispute));
      const stripeCustomer =
        idOf(dispute?.charge.customer) ?? subject.stripeCustomer ?? (await findPayer(account, subject));
      const key = stripeCustomer ?? event.id;
      const group = groups.get(key) ?? { stripeCustomer, events: [] };
      group.events.push({ event, subject, dispute });
      groups.set(key, group);
    } catch (error) {
      sorted.unknown.push({ event, error });
    }
  }
  sorted.groups = [...groups.values()];
  return sorted;
}
