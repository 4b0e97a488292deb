import { callJson, nullsGiven } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { Answer, Use } from './use.ts';

/** The answer of reserve_usage: that of a use, with the reservation in place of the event. */
export interface Reserved extends Answer {
  reservation?: string;
  expires_at?: string;
  estimated?: boolean;
}

/** The actual amounts of a call; absent ones are the reserved ones. */
export type Settlement = Partial<
  Pick<
    Use,
    | 'quantity'
    | 'provider'
    | 'model'
    | 'inputTokens'
    | 'outputTokens'
    | 'cachedTokens'
    | 'units'
    | 'cost'
    | 'status'
    | 'latencyMs'
    | 'endpoint'
    | 'key'
    | 'metadata'
  >
> & { customer: string; reservation: string };

export interface Released {
  customer: string;
  reservation: string;
  /** expired where its time was already over */
  status: 'released' | 'expired';
  ended_at: string;
  replayed: boolean;
}

/**
 * Reserves an amount for `holdSeconds` while a call runs, if limits and credits allow it. `now` null is the database's clock, in whole
 * milliseconds, so that the `at` of the answer is the reservation's own. A refusal is an answer, not an error. Failure usage, conflict.
 */
export async function reserveUse(
  db: Db,
  { holdSeconds, ...use }: Use & { holdSeconds: number },
  now: Date | null,
): Promise<Reserved> {
  return (await callJson(
    db,
    'subctl.reserve_usage',
    nullsGiven({
      customer: use.customer,
      kind: use.kind,
      as_of: now,
      quantity: use.quantity ?? '1',
      provider: use.provider,
      model: use.model,
      input_tokens: use.inputTokens,
      output_tokens: use.outputTokens,
      cached_tokens: use.cachedTokens,
      units: use.units,
      cost: use.cost,
      member: use.member,
      session: use.session,
      endpoint: use.endpoint,
      key: use.key,
      partial: use.partial ?? false,
      metadata: use.metadata,
      hold: `${holdSeconds} seconds`,
    }),
  )) as Reserved;
}

/** Settles a reservation at the actual amounts, once (R18); beyond a limit as overage (R12). Failure not_found, conflict. */
export async function settleUse(db: Db, done: Settlement, now: Date | null): Promise<Reserved> {
  return (await callJson(
    db,
    'subctl.settle_usage',
    nullsGiven({
      customer: done.customer,
      reservation: done.reservation,
      quantity: done.quantity,
      provider: done.provider,
      model: done.model,
      input_tokens: done.inputTokens,
      output_tokens: done.outputTokens,
      cached_tokens: done.cachedTokens,
      units: done.units,
      cost: done.cost,
      status: done.status,
      latency_ms: done.latencyMs,
      endpoint: done.endpoint,
      metadata: done.metadata,
      as_of: now,
      key: done.key,
    }),
  )) as Reserved;
}

/** Releases a reservation: the call was not made. Releasing it again gives the same answer. Failure not_found, conflict. */
export async function releaseUse(
  tx: Db,
  change: Change,
  { customer, reservation }: { customer: string; reservation: string },
): Promise<Released & { changed: boolean }> {
  const released = await releaseReservation(tx, { customer, reservation }, change.at);
  const { status, ended_at, replayed } = released;
  if (!replayed)
    await audit(tx, change, [
      {
        ...{ customer, entity: 'reservation', key: reservation },
        ...{ before: { status: 'held' }, after: { status, ended_at } },
      },
    ]);
  return { ...released, changed: !replayed };
}

/** What `releaseUse` does, for an application: its own calls are not recorded as changes. */
export async function releaseReservation(
  db: Db,
  { customer, reservation }: { customer: string; reservation: string },
  now: Date | null,
): Promise<Released> {
  return (await callJson(db, 'subctl.release_usage', { customer, reservation, as_of: now })) as Released;
}
