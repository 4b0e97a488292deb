import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';
import type { LiveSubscription } from '../subscriptions/live-subscription.ts';
import { findOwned } from './find-owned.ts';
import { mirrorCustomer, type Writer } from './mirror-customer.ts';
import { scheduleChange, waitingPhase } from './schedule-change.ts';
import type { StripeRequest } from './stripe-request.ts';
import { requestFor, type SubscriptionChange } from './subscription-change.ts';
import { clearEnd, endOf } from './subscription-end.ts';

/** The result of a change at Stripe, as `--json` shows it. */
export interface ChangedAtStripe extends Record<string, unknown> {
  customer: string;
  plan: string;
  status: string;
  /** the request to Stripe, in its own parameters; null where there was nothing to do */
  asked: Record<string, unknown> | null;
  changed: boolean;
  sentence: string;
}

export interface ChangeRequest {
  customer: string;
  subscriptionChange: SubscriptionChange;
  /** unique for this command, so that Stripe carries it out once */
  key: string;
  now: Date;
  /** the business's current time, once Stripe has answered */
  later: () => Promise<Date>;
  /** dry run: Stripe is not asked */
  rehearsal: boolean;
}

/**
 * Changes a subscription at Stripe, which owns it, and then stores Stripe's state. Nothing is stored before: a refusal by Stripe, also a
 * declined card, leaves everything as it was (R33). A change whose answer was lost arrives by webhook or with stripe-reconcile. Stripe is
 * not asked for a state that it already has.
 * @throws Failure refused, unavailable
 */
export async function changeAtStripe(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { customer, subscriptionChange, key, now, later, rehearsal }: ChangeRequest,
): Promise<ChangedAtStripe> {
  const head = (await findOwned(db, customer))!;
  const ids = await getIds(db, head);
  const read = () =>
    account.ask((client) =>
      client.subscriptions.retrieve(ids.subscription, { expand: ['schedule', 'discounts'] }),
    );
  const found = await read();
  const item = found.items.data.find(({ id }) => id === ids.item) ?? found.items.data[0]!;
  const request = await requestFor(db, { head, found, item, now }, subscriptionChange);
  if (!rehearsal) {
    if (request) await ask(account, found, request, key);
    const at = await later();
    const looked = { customer, stripeCustomer: ids.customer, at, all: false };
    const { failed } = await mirrorCustomer(db, account, write, looked);
    const own = failed.find((each) => each.id === ids.subscription);
    if (own) throw own.error;
    if (request) checkAnswer(await read(), request);
  }
  const drops =
    waitingPhase(found, item.current_period_end) !== undefined &&
    /^(update|cancel|resume)$/.test(request?.call ?? '');
  return describe(db, { head, request, drops, subscription: ids.subscription, rehearsal });
}

interface Ids {
  subscription: string;
  item: string | null;
  customer: string;
}

async function getIds(db: Db, { customer, id, plan }: LiveSubscription): Promise<Ids> {
  const [row] = await db<{ subscription: string | null; item: string | null; customer: string | null }[]>`
    select s.stripe_subscription_id as subscription, s.stripe_item_id as item, c.stripe_customer_id as customer
      from subctl.subscriptions s join subctl.customers c on c.id = s.customer_id where s.customer_id = ${customer} and s.id = ${id}`;
  if (row?.subscription && row.customer)
    return { ...row, subscription: row.subscription, customer: row.customer };
  throw new Failure('conflict', `The Stripe id of the subscription of ${customer} to ${plan} is unknown`, {
    hint: `subctl stripe adopt ${customer} cus_…`,
  });
}

/** Releases a pending schedule first: Stripe changes nothing else while it exists. */
async function ask(
  account: StripeAccount,
  found: Stripe.Subscription,
  request: NonNullable<StripeRequest>,
  key: string,
): Promise<void> {
  const { id } = found;
  const options = { idempotencyKey: `subctl:${request.call}:${key}` };
  if (request.call === 'schedule') return scheduleChange(account, found, { ...request.later, key });
  const schedule = idOf(found.schedule);
  if (schedule !== undefined)
    await account.ask((client) =>
      client.subscriptionSchedules.release(schedule, {}, { idempotencyKey: `subctl:release:${key}` }),
    );
  if (request.call === 'release')
    return clearEnd(account, await account.ask((client) => client.subscriptions.retrieve(id)));
  const answered = await account.ask(({ subscriptions }) => {
    if (request.call === 'update') return subscriptions.update(id, request.params, options);
    if (request.call === 'cancel') return subscriptions.cancel(id, {}, options);
    return subscriptions.resume(id, { billing_cycle_anchor: { type: 'now' } }, options);
  });
  if (request.call === 'update' && request.goesOn) await clearEnd(account, answered);
}

/**
 * Checks the result by Stripe's own state afterwards, not by the request.
 * @throws Failure refused when Stripe accepted the request and has another state
 */
function checkAnswer(answered: Stripe.Subscription, request: NonNullable<StripeRequest>): void {
  if (request.holds(answered)) return;
  const end = endOf(answered);
  const ends = end === null ? 'it renews' : `it ends at ${instantOf(end).toISOString()}`;
  const prices = answered.items.data
    .map(({ price, quantity }) => `${quantity ?? 1} × ${price.id}`)
    .join(', ');
  throw new Failure(
    'refused',
    `Stripe accepted the request, but ${answered.id} is ${answered.status}, with ${prices}, and ${ends}`,
    { hint: 'check it in the Stripe Dashboard' },
  );
}

interface Done {
  head: LiveSubscription;
  request: StripeRequest;
  /** a pending change is canceled with it */
  drops: boolean;
  subscription: string;
  rehearsal: boolean;
}

async function describe(
  db: Db,
  { head, request, drops, subscription, rehearsal }: Done,
): Promise<ChangedAtStripe> {
  const { customer } = head;
  const [after] = await db<Record<string, unknown>[]>`
    select plan_id as plan, version, every, status, trim_scale(price)::text as price, currency, quantity as seats, collection, current_period_start as period_start,
           current_period_end as period_end, cancel_at_period_end, ended_at, id as subscription
      from subctl.subscriptions where customer_id = ${customer} and id = ${head.id}`;
  const asked = request && {
    call: request.call,
    ...(request.call === 'update' && { with: request.params }),
    ...(request.call === 'schedule' && {
      with: [{ price: request.later.price, quantity: request.later.quantity }],
    }),
  };
  return {
    ...(after as { plan: string; status: string }),
    customer,
    stripe_subscription: subscription,
    asked,
    changed: request !== null && !rehearsal,
    sentence: request
      ? `${rehearsal ? 'Would ask Stripe: ' : ''}${request.says}${drops ? '; the pending change is canceled' : ''}`
      : `Nothing to do: Stripe already has this state`,
  };
}
