import type { Db } from '../database/connect.ts';
import { type IssuedInvoice, listLines } from '../invoices/issue.ts';
import { type Head, findHead } from './head.ts';

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

/** What an assignment came to, as `--json` shows it. */
export interface Assigned extends Record<string, unknown> {
  customer: string;
  plan: string;
  version: number;
  status: string;
  action: Action;
  /** false: nothing was to do */
  changed: boolean;
  /** one sentence for people */
  sentence: string;
}

interface Facts {
  customer: string;
  action: Action;
  now: Date;
  previous?: { plan: string; every: string } | undefined;
  /** how many seats there were */
  seats?: number | undefined;
  invoice?: IssuedInvoice | undefined;
}

/** Reads what the customer's subscription is now and says it in a sentence. */
export async function describeAssigned(db: Db, facts: Facts): Promise<Assigned> {
  const head = (await findHead(db, facts.customer))!;
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

async function findFirstInvoice(db: Db, { customer, id }: Head): Promise<IssuedInvoice | undefined> {
  const [row] = await db<IssuedInvoice[]>`
    select id, number, trim_scale(total)::text as total, currency, status, due_at as "dueAt"
      from subctl.invoices where customer_id = ${customer} and subscription_id = ${id} order by issued_at desc, number desc limit 1`;
  return row;
}

function sentenceOf(head: Head, { action, previous, seats }: Facts): string {
  const { customer, plan } = head;
  const end = head.periodEnd.toISOString();
  switch (action) {
    case 'new':
      return head.status === 'trialing'
        ? `${customer} is trying ${plan} until ${end}`
        : `${customer} has ${plan} now, this period until ${end}`;
    case 'upgrade':
    case 'downgrade':
      return previous!.plan === plan
        ? `${customer} has ${plan} per ${head.every} now, until now per ${previous!.every}; this period until ${end}`
        : `${customer} has ${plan} now, until now ${previous!.plan}; this period until ${end}`;
    case 'upgrade_scheduled':
    case 'downgrade_scheduled':
      return `${customer} keeps ${plan} until ${(head.pendingAt ?? head.periodEnd).toISOString()} and has ${head.pendingPlan} (per ${head.pendingEvery}) from then on`;
    case 'pending_cleared':
      return `${customer} keeps ${plan}: the change that was waiting is taken back`;
    case 'cancel_cleared':
      return `${customer} keeps ${plan}: the cancellation is taken back`;
    case 'edited':
      return `${customer} has ${plan} as before; what was said beside it is set`;
    case 'seats_added':
      return `${customer} has ${head.quantity} seats of ${plan} now, until now ${seats}`;
    case 'seats_kept':
      return `${customer} keeps ${head.quantity} seats of ${plan}: fewer of them are taken back`;
    case 'seats_removed_scheduled':
      return `${customer} keeps ${head.quantity} seats of ${plan} until ${end} and has ${head.pendingQuantity} from then on`;
    case 'seats_unchanged':
      return `Nothing to do: ${customer} has ${head.pendingQuantity ?? head.quantity} seats of ${plan} already`;
    case 'renewal_unchanged':
      return `Nothing to do: ${customer} has ${plan} per ${head.every} already`;
  }
}
