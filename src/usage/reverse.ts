import { callJson } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** A window that an event was taken out of; `amount` is below zero, `closed` when it became an adjustment (R13). */
export interface ReversedWindow {
  meter: string;
  window: string;
  scope: string;
  subject: string | null;
  window_start: string | null;
  window_end: string | null;
  amount: string;
  closed: boolean;
}

/** What a reversal did. Amounts are decimal strings, instants ISO 8601. */
export interface Reversal {
  customer: string;
  event_id: string;
  /** the row that takes the event back */
  reversal_id: string;
  /** it had been done before: windows and grants are not listed again */
  replayed: boolean;
  at: string;
  kind: string;
  quantity: string;
  cost: string | null;
  windows: ReversedWindow[];
  credits: {
    given_back: string;
    /** came from grants whose time is over, which nothing revives (R22) */
    expired: string;
    grants: {
      grant: string;
      source: string;
      amount: string;
      given_back: boolean;
      expires_at: string | null;
    }[];
  };
  /** false when it had been done before, so that no change is written */
  changed: boolean;
}

/**
 * Takes a use back, once: out of its windows, and its credits to the very grants they came from (R21). The event stays.
 * @throws Failure usage without a reason, not_found, refused for a reversal
 */
export async function reverseUse(
  tx: Db,
  change: Change,
  { customer, event }: { customer: string; event: string },
): Promise<Reversal> {
  if (change.reason === null)
    throw new Failure('usage', 'A reversal needs a reason', { hint: 'Say why with --reason' });
  const done = (await callJson(tx, 'subctl.reverse_usage', {
    customer,
    event,
    as_of: change.at,
    reason: change.reason,
    change: change.id,
  })) as Omit<Reversal, 'changed'>;
  if (!done.replayed)
    await audit(tx, change, [
      {
        ...{ customer, entity: 'usage event', key: event, before: null },
        after: {
          reversed_by: done.reversal_id,
          quantity: `-${done.quantity}`,
          credits_given_back: done.credits.given_back,
        },
      },
    ]);
  return { ...done, changed: !done.replayed };
}
