import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { LiveSubscription } from './live-subscription.ts';

/** What a new phase stores beside the subscription: the previous terms, and the cause of the change. */
export interface PhaseFacts {
  before: LiveSubscription;
  cause: 'upgrade' | 'downgrade' | 'migrate' | 'pause' | 'extend';
  /** the end of the period moves with the pause */
  clockStops?: boolean;
  /** of a pause */
  pauseClock?: 'stops' | 'runs';
  snapshot?: Record<string, unknown>;
}

/**
 * Writes the history of a subscription that was just changed: a phase from its `from_at` on; a phase of the same instant is overwritten.
 */
export async function writePhase(
  tx: Db,
  change: Change,
  { before: { customer, id, status }, cause, clockStops = false, pauseClock, snapshot }: PhaseFacts,
): Promise<void> {
  await tx`
    insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor,
      anchor_timezone, period_start, period_end, clock_stops, pause_clock, cause, reason, snapshot, written_at, change_id)
    select s.customer_id, s.id, s.from_at, ${status}, s.status, s.plan_id, s.version, s.every, s.anchor, s.anchor_timezone, s.current_period_start,
           s.current_period_end, ${clockStops}, ${pauseClock ?? null}, ${cause}, ${change.reason}, ${snapshot ? tx.json(snapshot as never) : null}, ${change.at}, ${change.id}
      from subctl.subscriptions s where s.customer_id = ${customer} and s.id = ${id}
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, plan_id = excluded.plan_id, version = excluded.version, every = excluded.every, anchor = excluded.anchor,
          anchor_timezone = excluded.anchor_timezone, period_start = excluded.period_start, period_end = excluded.period_end,
          clock_stops = excluded.clock_stops, pause_clock = excluded.pause_clock, cause = excluded.cause, reason = excluded.reason, snapshot = coalesce(subscription_phases.snapshot, excluded.snapshot),
          written_at = excluded.written_at, change_id = excluded.change_id`;
}
