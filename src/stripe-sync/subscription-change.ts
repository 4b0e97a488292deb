import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { instantOf, secondsOf } from '../payments/stripe-values.ts';
import { type PlanSubscriptionChange, planRequest } from './stripe-plan-request.ts';
import { endOf } from './subscription-end.ts';
import { type Owned, reactivateRequest, seatsRequest, type StripeRequest } from './stripe-request.ts';

/** A change of a subscription that Stripe owns. */
export type SubscriptionChange =
  | PlanSubscriptionChange
  | { kind: 'seats'; seats: number }
  | { kind: 'cancel'; atOnce: boolean }
  | { kind: 'reactivate' }
  | { kind: 'pause'; clock: 'stops' | 'runs' | undefined; until: Date | undefined }
  | { kind: 'resume' };

/**
 * Returns the request that makes the change at Stripe.
 * @throws Failure refused for what Stripe cannot do, or a plan that is not sold there
 */
export async function requestFor(
  db: Db,
  owned: Owned,
  subscriptionChange: SubscriptionChange,
): Promise<StripeRequest> {
  switch (subscriptionChange.kind) {
    case 'plan':
      return planRequest(db, owned, subscriptionChange);
    case 'seats':
      return seatsRequest(db, owned, subscriptionChange.seats);
    case 'cancel':
      return cancelRequest(owned, subscriptionChange.atOnce);
    case 'reactivate':
      return reactivateRequest(owned);
    case 'pause':
      return pauseRequest(owned, subscriptionChange);
    case 'resume':
      return resumeRequest(owned);
  }
}

function cancelRequest({ head, found, item }: Owned, atOnce: boolean): StripeRequest {
  const { customer, plan } = head;
  if (atOnce)
    return {
      call: 'cancel',
      says: `The subscription of ${customer} to ${plan} has ended; nothing is refunded`,
      holds: ({ status }) => status === 'canceled',
    };
  const end = item.current_period_end;
  const holds = (answered: Stripe.Subscription) => (endOf(answered) ?? Infinity) <= end;
  if (holds(found)) return null;
  return {
    call: 'update',
    params: { cancel_at_period_end: true },
    says: `${customer} keeps ${plan} until ${instantOf(end).toISOString()}`,
    holds,
  };
}

function pauseRequest(
  { head, found, now }: Owned,
  { clock, until }: { clock?: 'stops' | 'runs' | undefined; until?: Date | undefined },
): StripeRequest {
  const { customer, plan } = head;
  if (clock === 'stops') {
    throw new Failure(
      'refused',
      `Stripe cannot stop the clock: a period of ${customer} continues while it is paused`,
      {
        hint: 'Give --clock runs, or omit it',
      },
    );
  }
  if (until && until <= now)
    throw new Failure('usage', `The pause would end at ${until.toISOString()}, which is in the past`, {
      hint: 'Give a later --until',
    });
  if (found.status !== 'active' && found.status !== 'trialing')
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} is ${found.status.replace('_', ' ')} at Stripe`,
      {
        hint: `subctl subscriptions show ${customer}`,
      },
    );
  const resumes = until ? secondsOf(until) : undefined;
  const held = found.pause_collection;
  if (held?.behavior === 'void' && (held.resumes_at ?? undefined) === resumes) return null;
  return {
    call: 'update',
    params: { pause_collection: { behavior: 'void', ...(resumes !== undefined && { resumes_at: resumes }) } },
    says: `${customer} has no access to ${plan} now, and its invoices are void${until ? `; it resumes automatically at ${until.toISOString()}` : ''}`,
    holds: ({ pause_collection: paused }) => paused?.behavior === 'void',
  };
}

function resumeRequest({ head, found }: Owned): StripeRequest {
  const says = `${head.customer} has ${head.plan} again`;
  const holds = ({ status, pause_collection: paused }: Stripe.Subscription) =>
    status !== 'paused' && paused === null;
  if (found.status === 'paused') return { call: 'resume', says, holds };
  if (found.pause_collection) return { call: 'update', params: { pause_collection: '' }, says, holds };
  throw new Failure(
    'refused',
    `The subscription of ${head.customer} to ${head.plan} is not paused: it is ${found.status.replace('_', ' ')}`,
    {
      hint: `subctl subscriptions show ${head.customer}`,
    },
  );
}
