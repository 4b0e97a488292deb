import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { isOfTheData, addDeadLetter } from '../database/dead-letters.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { serverErrorOf } from '../database/server-error.ts';

/** A Stripe object that could not be written, and why. */
export interface FailedObject {
  /** Stripe's id */
  id: string;
  error: unknown;
}

/** The task that retries objects that could not be synced. */
const task = 'stripe-reconcile';

/** Whether a failure concerns one object: a wrong key, an unavailable Stripe or database, and a lost lease concern all. */
export function isGeneralFailure(error: unknown): boolean {
  const refusal = refusalOf(error);
  if (refusal) return /^(config|unavailable|conflict|interrupted|terminated)$/.test(refusal.kind);
  return serverErrorOf(error) !== undefined && !isOfTheData(error);
}

/** Writes the objects of one customer, each in its own savepoint: a failure rolls back that object alone and is collected in `failed`. */
export class IsolatedWriter {
  readonly failed: FailedObject[] = [];
  private readonly done: string[] = [];

  constructor(private readonly tx: Db) {}

  async write<T>(id: string, work: (tx: Db) => Promise<T>): Promise<T | undefined> {
    try {
      const value = await inSavepoint(this.tx, work);
      this.done.push(id);
      return value;
    } catch (error) {
      if (isGeneralFailure(error)) throw error;
      this.failed.push({ id, error });
      return undefined;
    }
  }

  /** Parks failed objects under Stripe's id, and removes parked ones that now succeeded (R41). */
  async addDeadLetters(customer: string, { at }: Change): Promise<void> {
    for (const { id, error } of this.failed)
      await addDeadLetter(this.tx, { task, customer, id, payload: { object: id } }, error, at);
    await this.tx`
      delete from subctl.parked where task = ${task} and customer_id = ${customer} and id = any (${this.done}::text[])`;
  }
}
