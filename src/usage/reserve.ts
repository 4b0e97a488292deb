import { callJson, nullsGiven } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { Answer, Use } from './use.ts';

/** What reserve_usage answers: that of a use, with the reservation in place of the event. */
export interface Reserved extends Answer {
  reservation?: string;
  expires_at?: string;
  estimated?: boolean;
}

/** The true amounts of a call; what is not given is what was reserved. */
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
  /** expired where its time was over already */
  status: 'released' | 'expired';
  ended_at: string;
  replayed: boolean;
}

/**
 * Holds an amount for `holdSeconds` while a call runs, if limits and credits allow it (C8). `now` null is the database's clock, in whole
 * milliseconds, so that the `at` of the answer is the reservation's own. A refusal is an answer. Failure usage, conflict.
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

/** Records what was reserved at the true amounts, once (R18); beyond a limit as overage (R12). Failure not_found, conflict. */
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

/** Lets go of what a reservation holds: the call was not made (G17). Released again it says the same. Failure not_found, conflict. */
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

/** What `releaseUse` does, as an application does it: of its own calls no change is written. */
export async function releaseReservation(
  db: Db,
  { customer, reservation }: { customer: string; reservation: string },
  now: Date | null,
): Promise<Released> {
  return (await callJson(db, 'subctl.release_usage', { customer, reservation, as_of: now })) as Released;
}
