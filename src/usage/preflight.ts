import { callJson } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import type { Reserved } from './reserve.ts';

/** The answer of preflight_usage (docs/usage.md). */
export interface Preflight {
  allowed: boolean;
  customer: string;
  at: string;
  reason: string | null;
  message: string | null;
  /** which use of the list does not fit, counted from 1 */
  refused_at: number | null;
  resets_at: string | null;
  uses: Reserved[];
  totals: { meters: Record<string, string>; credits: string; cost: string; unpriced: boolean };
  reservations: string[];
  expires_at: string | null;
}

export interface PreflightRequest {
  customer: string;
  /** the arguments of reserve_usage by name */
  uses: Record<string, unknown>[];
  /** null is the database's clock */
  now: Date | null;
  /** reserve them all for so long; without it nothing is written */
  holdSeconds?: number | undefined;
  key?: string | undefined;
}

/** Checks whether a list of uses fits as a whole, all or nothing; with `holdSeconds` all of them are reserved. Failure usage, conflict. */
export async function preflightUses(
  db: Db,
  { customer, uses, now, holdSeconds, key }: PreflightRequest,
): Promise<Preflight> {
  const hold = holdSeconds === undefined ? null : `${holdSeconds} seconds`;
  return (await callJson(db, 'subctl.preflight_usage', {
    customer,
    uses,
    as_of: now,
    hold,
    key,
  })) as Preflight;
}
