import { callJson } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** A window from which an event was subtracted; `amount` is negative, `closed` when it became an adjustment (R13). */
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

/** The result of a reversal. Amounts are decimal strings, instants ISO 8601. */
export interface Reversal {
  customer: string;
  event_id: string;
  /** the row that reverses the event */
  reversal_id: string;
  /** it was reversed before: windows and grants are not listed again */
  replayed: boolean;
  at: string;
  kind: string;
  quantity: string;
  cost: string | null;
  windows: ReversedWindow[];
  credits: {
    given_back: string;
    /** from grants that have expired and are not revived (R22) */
    expired: string;
    grants: {
      grant: string;
      source: string;
      amount: string;
      given_back: boolean;
      expires_at: string | null;
    }[];
  };
  /** false when it was reversed before, so that no change is written */
  changed: boolean;
}

/**
 * Reverses a use, once: in its windows, and its credits in the grants they came from (R21). The event stays.
 * @throws Failure usage without a reason, not_found, refused for a reversal
 */
export async function reverseUse(
  tx: Db,
  change: Change,
  { customer, event }: { customer: string; event: string },
): Promise<Reversal> {
  if (change.reason === null)
    throw new Failure('usage', 'A reversal needs a reason', { hint: "Add --reason 'why'" });
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
