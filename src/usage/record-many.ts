import { callJson } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import type { FailureKind } from '../domain/failure.ts';
import type { Answer } from './use.ts';

/** The answer of record_usage_many for one use of a batch; `allowed` is null, with an error, for an invalid use. */
export type BatchAnswer = Omit<Answer, 'allowed'> & {
  allowed: boolean | null;
  error?: { code: FailureKind; message: string; hint: string | null };
};

/**
 * Records up to 1,000 uses, given as the arguments of record_usage by name, and returns their answers in order. `now` null is the
 * database's clock.
 */
export async function recordMany(db: Db, uses: readonly object[], now: Date | null): Promise<BatchAnswer[]> {
  return (await callJson(db, 'subctl.record_usage_many_json', { events: uses, as_of: now })) as BatchAnswer[];
}
