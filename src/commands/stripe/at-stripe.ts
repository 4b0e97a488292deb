import { randomUUID } from 'node:crypto';
import { findOwned } from '../../stripe-sync/find-owned.ts';
import type { Writer } from '../../stripe-sync/mirror-customer.ts';
import type { SubscriptionChange } from '../../stripe-sync/subscription-change.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write, type WriteRequest } from '../write.ts';

/**
 * Changes a subscription that Stripe owns, at Stripe. Returns undefined if the customer has no such subscription. A dry run shows the request
 * to Stripe.
 */
export async function atStripe(
  context: Context,
  { customer, ...request }: WriteRequest & { customer: string },
  subscriptionChange: SubscriptionChange,
): Promise<Outcome | undefined> {
  const connection = await context.database();
  if (!(await findOwned(connection, customer))) return undefined;
  const account = await context.stripe();
  const { changeAtStripe } = await import('../../stripe-sync/change-at-stripe.ts'); // not for our own subscriptions
  const done = await changeAtStripe(connection, account, writerOf(context, request), {
    ...{ customer, subscriptionChange, key: randomUUID(), rehearsal: context.dryRun },
    now: await context.now(),
    later: () => context.nowAgain(),
  });
  const { asked, ...record } = done;
  const outcome = changeOutcome(context, { ...record, asked: null });
  const sections = [...(outcome.sections ?? []), ...askedSection(asked)];
  return { ...outcome, record: { ...outcome.record, asked }, sections };
}

/** Records no change if the sync found no differences. */
function writerOf(context: Context, request: WriteRequest): Writer {
  return (work) =>
    write(context, request, async (tx, change) => {
      const found = await work(tx, change);
      return Array.isArray(found) ? Object.assign(found, { changed: found.length > 0 }) : (found as never);
    });
}

function askedSection(asked: Record<string, unknown> | null) {
  if (!asked) return [];
  return [{ title: 'Stripe request', entries: Object.entries(flat(asked)) }];
}

/** Flattens nested values to one line each, such as `with.items.0.price`. */
function flat(value: unknown, path = ''): Record<string, unknown> {
  if (value === null || typeof value !== 'object') return { [path]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, each]) => flat(each, path === '' ? key : `${path}.${key}`)),
  ) as Record<string, unknown>;
}
