import type { Db } from '../database/connect.ts';
import { type IssuedInvoice, listLines } from '../invoices/issue.ts';
import { type LiveSubscription, findLiveSubscription } from './live-subscription.ts';

export type Action =
  | 'new'
  | 'upgrade'
  | 'downgrade'
  | 'upgrade_scheduled'
  | 'downgrade_scheduled'
  | 'pending_cleared'
  | 'cancel_cleared'
  | 'edited'
  | 'renewal_unchanged'
  | 'seats_added'
  | 'seats_kept'
  | 'seats_removed_scheduled'
  | 'seats_unchanged';

/** The result of an assignment, as `--json` shows it. */
export interface Assigned extends Record<string, unknown> {
  customer: string;
  plan: string;
  version: number;
  status: string;
  action: Action;
  /** false: there was nothing to do */
  changed: boolean;
  /** one sentence for people */
  sentence: string;
}

interface Facts {
  customer: string;
  action: Action;
  now: Date;
  previous?: { plan: string; every: string } | undefined;
  /** the previous number of seats */
  seats?: number | undefined;
  invoice?: IssuedInvoice | undefined;
}

/** Reads the customer's subscription and describes the result. */
export async function describeAssigned(db: Db, facts: Facts): Promise<Assigned> {
  const head = (await findLiveSubscription(db, facts.customer))!;
  const invoice = facts.invoice ?? (facts.action === 'new' ? await findFirstInvoice(db, head) : undefined);
  const lines = invoice ? await listLines(db, { customer: head.customer, invoice: invoice.id }) : [];
  const effectiveAt = facts.action.endsWith('_scheduled') ? (head.pendingAt ?? head.periodEnd) : facts.now;
  return {
    customer: head.customer,
    plan: head.plan,
    version: head.version,
    status: head.status,
    action: facts.action,
    every: head.every,
    price: head.price,
    currency: head.currency,
    seats: head.quantity,
    pending_seats: head.pendingQuantity,
    collection: head.collection,
    period_start: head.periodStart,
    period_end: head.periodEnd,
    trial_end: head.status === 'trialing' ? head.trialEnd : null,
    ends_at: head.endsAt,
    auto_renew: head.autoRenew,
    effective_at: effectiveAt,
    pending_plan: head.pendingPlan,
    previous_plan: facts.previous?.plan ?? null,
    invoice: invoice
      ? {
          number: invoice.number,
          total: invoice.total,
          currency: invoice.currency,
          status: invoice.status,
          due_at: invoice.dueAt,
          lines,
        }
      : null,
    note: head.note,
    subscription: head.id,
    changed: !facts.action.endsWith('_unchanged'),
    sentence: sentenceOf(head, facts),
  };
}

async function findFirstInvoice(
  db: Db,
  { customer, id }: LiveSubscription,
): Promise<IssuedInvoice | undefined> {
  const [row] = await db<IssuedInvoice[]>`
    select id, number, trim_scale(total)::text as total, currency, status, due_at as "dueAt"
      from subctl.invoices where customer_id = ${customer} and subscription_id = ${id} order by issued_at desc, number desc limit 1`;
  return row;
}

function sentenceOf(head: LiveSubscription, facts: Facts): string {
  return sentences[facts.action](head, facts);
}

const endOf = ({ periodEnd }: LiveSubscription): string => periodEnd.toISOString();

function begun(head: LiveSubscription): string {
  return head.status === 'trialing'
    ? `${head.customer} has a trial of ${head.plan} until ${endOf(head)}`
    : `${head.customer} now has ${head.plan}, this period until ${endOf(head)}`;
}

function changed(head: LiveSubscription, { previous }: Facts): string {
  const { customer, plan, every } = head;
  return previous!.plan === plan
    ? `${customer} now has ${plan} per ${every} instead of per ${previous!.every}; this period until ${endOf(head)}`
    : `${customer} now has ${plan} instead of ${previous!.plan}; this period until ${endOf(head)}`;
}

function scheduled({ customer, plan, ...head }: LiveSubscription): string {
  const at = head.pendingAt ?? head.periodEnd;
  return `${customer} keeps ${plan} until ${at.toISOString()} and has ${head.pendingPlan} (per ${head.pendingEvery}) from then on`;
}

const sentences: Readonly<Record<Action, (head: LiveSubscription, facts: Facts) => string>> = {
  new: begun,
  upgrade: changed,
  downgrade: changed,
  upgrade_scheduled: scheduled,
  downgrade_scheduled: scheduled,
  pending_cleared: ({ customer, plan }) => `${customer} keeps ${plan}: the pending change is canceled`,
  cancel_cleared: ({ customer, plan }) => `${customer} keeps ${plan}: the cancellation is undone`,
  edited: ({ customer, plan }) => `${customer} keeps ${plan}; the other options are set`,
  seats_added: ({ customer, plan, quantity }, { seats }) =>
    `${customer} has ${quantity} seats of ${plan} now instead of ${seats}`,
  seats_kept: ({ customer, plan, quantity }) =>
    `${customer} keeps ${quantity} seats of ${plan}: the pending reduction is canceled`,
  seats_removed_scheduled: (head) =>
    `${head.customer} keeps ${head.quantity} seats of ${head.plan} until ${endOf(head)} and has ${head.pendingQuantity} from then on`,
  seats_unchanged: ({ customer, plan, quantity, pendingQuantity }) =>
    `Nothing to do: ${customer} has ${pendingQuantity ?? quantity} seats of ${plan}`,
  renewal_unchanged: ({ customer, plan, every }) => `Nothing to do: ${customer} has ${plan} per ${every}`,
};
