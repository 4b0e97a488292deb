import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { isOfTheData, addDeadLetter } from '../database/dead-letters.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { serverErrorOf } from '../database/server-error.ts';

/** One object of Stripe's that could not be written, and why. */
export interface FailedObject {
  /** Stripe's id */
  id: string;
  error: unknown;
}

/** The task that tries again what could not be mirrored. */
const task = 'stripe-reconcile';

/** A key that is wrong, a Stripe or a database that is away, and a lost lease are everybody's; what an object says is its own. */
export function isGeneralFailure(error: unknown): boolean {
  const refusal = refusalOf(error);
  if (refusal) return /^(config|unavailable|conflict|interrupted|terminated)$/.test(refusal.kind);
  return serverErrorOf(error) !== undefined && !isOfTheData(error);
}

/** Writes the objects of one customer, each by itself: what fails is undone alone, and kept in `failed`. */
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

  /** Parks what failed under Stripe's id, and takes away what was parked and is done now (R41). */
  async addDeadLetters(customer: string, { at }: Change): Promise<void> {
    for (const { id, error } of this.failed)
      await addDeadLetter(this.tx, { task, customer, id, payload: { object: id } }, error, at);
    await this.tx`
      delete from subctl.parked where task = ${task} and customer_id = ${customer} and id = any (${this.done}::text[])`;
  }
}
