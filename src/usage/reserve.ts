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
  const [row] = await db<[{ answer: Reserved }]>`
    select subctl.reserve_usage(
      customer => ${use.customer}, kind => ${use.kind}, as_of => ${now}, quantity => ${use.quantity ?? '1'}, provider => ${use.provider ?? null},
      model => ${use.model ?? null}, input_tokens => ${use.inputTokens ?? null}, output_tokens => ${use.outputTokens ?? null},
      cached_tokens => ${use.cachedTokens ?? null}, units => ${json(db, use.units)}, cost => ${use.cost ?? null}, member => ${use.member ?? null},
      session => ${use.session ?? null}, endpoint => ${use.endpoint ?? null}, key => ${use.key ?? null}, partial => ${use.partial ?? false},
      metadata => ${json(db, use.metadata)}, hold => pg_catalog.make_interval(secs => ${holdSeconds})) as answer`;
  return row.answer;
}

/** Records what was reserved at the true amounts, once (R18); beyond a limit as overage (R12). Failure not_found, conflict. */
export async function settleUse(db: Db, done: Settlement, now: Date | null): Promise<Reserved> {
  const [row] = await db<[{ answer: Reserved }]>`
    select subctl.settle_usage(
      customer => ${done.customer}, reservation => ${done.reservation}::uuid, quantity => ${done.quantity ?? null}, provider => ${done.provider ?? null},
      model => ${done.model ?? null}, input_tokens => ${done.inputTokens ?? null}, output_tokens => ${done.outputTokens ?? null},
      cached_tokens => ${done.cachedTokens ?? null}, units => ${json(db, done.units)}, cost => ${done.cost ?? null}, status => ${done.status ?? null},
      latency_ms => ${done.latencyMs ?? null}, endpoint => ${done.endpoint ?? null}, metadata => ${json(db, done.metadata)}, as_of => ${now},
      key => ${done.key ?? null}) as answer`;
  return row.answer;
}

/** Lets go of what a reservation holds: the call was not made (G17). Released again it says the same. Failure not_found, conflict. */
export async function releaseUse(
  tx: Db,
  change: Change,
  { customer, reservation }: { customer: string; reservation: string },
): Promise<Released & { changed: boolean }> {
  const released = await letGo(tx, { customer, reservation }, change.at);
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
export async function letGo(
  db: Db,
  { customer, reservation }: { customer: string; reservation: string },
  now: Date | null,
): Promise<Released> {
  const [row] = await db<[{ done: Released }]>`
    select subctl.release_usage(${customer}, ${reservation}::uuid, ${now}) as done`;
  return row.done;
}

function json(db: Db, value: unknown) {
  return value === undefined ? null : db.json(value as never);
}
