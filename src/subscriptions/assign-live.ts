import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Assignment } from './assignment.ts';
import { type Assigned, describeAssigned } from './assigned.ts';
import { changeSeats } from './change-seats.ts';
import { changePlanNow } from './change-plan.ts';
import { type Renewal, keepPlan, schedulePlan } from './edit-live-subscription.ts';
import { type LiveSubscription, findLiveSubscription } from './live-subscription.ts';
import { directionOf } from './plan-rank.ts';
import { redeemCode, refuseCode } from './redeem.ts';
import { type Terms, isBilled } from './terms.ts';

interface Live {
  head: LiveSubscription;
  terms: Terms;
  asked: Assignment;
}

/** Assigns a plan to a customer with a live subscription: the same plan, an upgrade or a downgrade. See assignPlan. */
export async function assignLive(tx: Db, change: Change, { head, terms, asked }: Live): Promise<Assigned> {
  checkState(head, terms, asked);
  const { customer } = head;
  if (isSame(head, terms)) return keepLive(tx, change, { head, terms, asked });
  const direction = await directionOf(tx, head, terms);
  const when = asked.when ?? (direction === 'upgrade' || head.status === 'past_due' ? 'now' : 'period-end');
  const previous = { plan: head.plan, every: head.every };
  if (when !== 'now') {
    refuseCode(asked.discount);
    checkSchedule(head, terms, asked);
    const at = when === 'period-end' ? undefined : when;
    if (at) checkInstant(head, at, change.at);
    await schedulePlan(tx, change, { head, terms, at, note: asked.note });
    return describeAssigned(tx, { customer, action: `${direction}_scheduled`, now: change.at, previous });
  }
  const autoRenew = asked.autoRenew ?? (asked.endsAt ? false : terms.autoRenew);
  const { endsAt, note, anchor, proration } = asked;
  const ways = { direction, anchor, proration } as const;
  const issued = await changePlanNow(tx, change, { head, terms, ...ways, autoRenew, endsAt, note });
  const { discount: code } = asked;
  const invoice =
    code === undefined ? issued : await redeemCode(tx, change, { customer, code, invoice: issued });
  return describeAssigned(tx, { customer, action: direction, now: change.at, previous, invoice });
}

/** Whether it is the customer's plan at its interval: then every other option is an edit (R32). */
const isSame = (head: LiveSubscription, terms: Terms): boolean =>
  head.plan === terms.plan && head.every === terms.every;

/**
 * Assigns the present plan again: a pending change is canceled (R31), and the other options are set. Period, usage and payments stay; only
 * additional seats are charged.
 */
async function keepLive(tx: Db, change: Change, { head, terms, asked }: Live): Promise<Assigned> {
  refuseCode(asked.discount);
  checkEdit(head, asked);
  const { customer } = head;
  const set = editsOf(head, terms, asked);
  const waits = head.pendingPlan !== null || head.cancelAtPeriodEnd;
  const sets = Object.values(set).some((value) => value !== undefined);
  const edits = sets || (waits && asked.seats === undefined);
  if (edits) await keepPlan(tx, change, { head, ...set });
  if (asked.seats !== undefined) {
    const seated = (await findLiveSubscription(tx, customer))!;
    const done = await changeSeats(tx, change, { head: seated, seats: asked.seats });
    if (done.changed || !edits) return done;
  }
  if (!edits) return describeAssigned(tx, { customer, action: 'renewal_unchanged', now: change.at });
  const cleared = head.cancelAtPeriodEnd ? 'cancel_cleared' : 'pending_cleared';
  return describeAssigned(tx, { customer, action: waits ? cleared : 'edited', now: change.at });
}

/** The other options that differ from the present state; undefined for each that stays. */
function editsOf(head: LiveSubscription, terms: Terms, asked: Assignment) {
  return {
    collection: asked.collection && asked.collection !== head.collection ? terms.collection : undefined,
    note: asked.note !== head.note ? asked.note : undefined,
    renewal: renewalOf(head, asked),
  };
}

/** How the subscription ends or renews, where that changes. */
function renewalOf(head: LiveSubscription, { endsAt, autoRenew }: Assignment): Renewal | undefined {
  if (endsAt) return head.endsAt?.getTime() === endsAt.getTime() ? undefined : { endsAt };
  if (autoRenew === undefined || (autoRenew === head.autoRenew && (!autoRenew || head.endsAt === null)))
    return undefined;
  return { autoRenew };
}

/** Refuses what an edit cannot change. */
function checkEdit(head: LiveSubscription, asked: Assignment): void {
  const { customer, plan, currency } = head;
  if (asked.currency !== undefined && currency !== null && asked.currency !== currency) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} is in ${currency}, and the currency of a plan cannot change`,
      { hint: 'Omit --currency, or choose another plan' },
    );
  }
}

function checkState(head: LiveSubscription, terms: Terms, asked: Assignment): void {
  const { customer, plan } = head;
  if (head.status === 'paused') {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} is paused`, {
      hint: `First: subctl subscriptions resume ${customer}`,
    });
  }
  if (head.collection === 'stripe') {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} belongs to Stripe`, {
      hint: `Change it at Stripe, or send the customer to: subctl stripe portal ${customer}`,
    });
  }
  const edits = isSame(head, terms) && asked.collection === undefined && asked.seats === undefined;
  if (head.status === 'past_due' && isBilled(terms.collection) && !edits) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} is past due, and ${terms.plan} is a paid plan too`,
      {
        hint: `Settle the open invoices first: subctl invoices list --customer ${customer}; or use --collection complimentary`,
      },
    );
  }
  if (asked.trialDays) {
    throw new Failure(
      'refused',
      `Only a first subscription has a trial, and ${customer} already has ${plan}`,
      {
        hint: 'Omit --trial-days',
      },
    );
  }
}

/** Checks the instant of a change: in the future, before the subscription's end, and not in a trial, whose end is promised. */
function checkInstant(
  { customer, plan, status, trialEnd, endsAt }: LiveSubscription,
  at: Date,
  now: Date,
): void {
  if (at <= now) {
    throw new Failure('usage', `The change would begin at ${at.toISOString()}, which is in the past`, {
      hint: 'Give a later --when, or --when now',
    });
  }
  if (status === 'trialing' && trialEnd && at < trialEnd) {
    throw new Failure('refused', `The trial of ${customer} of ${plan} runs until ${trialEnd.toISOString()}`, {
      hint: 'Give --when now or period-end, or an instant after the trial',
    });
  }
  if (endsAt && at >= endsAt) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} ends at ${endsAt.toISOString()} by its terms`,
      {
        hint: 'Give an earlier --when',
      },
    );
  }
}

function checkSchedule(head: LiveSubscription, terms: Terms, asked: Assignment): void {
  if (asked.endsAt || asked.autoRenew === false) {
    throw new Failure('usage', 'An end is possible only for a change that takes effect now', {
      hint: 'Add --when now, or omit the end',
    });
  }
  if (asked.anchor || asked.proration) {
    const option = asked.anchor ? '--anchor' : '--proration';
    throw new Failure(
      'usage',
      `${option} applies to an immediate change, and this one takes effect at the period's end`,
      {
        hint: `Add --when now, or omit ${option}`,
      },
    );
  }
  if (isBilled(terms.collection) && head.currency !== null && terms.currency !== head.currency) {
    throw new Failure(
      'refused',
      `The subscription of ${head.customer} is in ${head.currency} and the price of ${terms.plan} in ${terms.currency}`,
      {
        hint: `Give --currency ${head.currency}, or --when now`,
      },
    );
  }
}
