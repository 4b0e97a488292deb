import type postgres from 'postgres';
import type { Db } from '../database/connect.ts';
import type { Repair } from './repairs/repair.ts';

/** A statement that has not been sent; it can be embedded in another. */
export type Statement = postgres.PendingQuery<postgres.Row[]>;

/**
 * An integrity check (R45): a set of rows that disagree with their sources. It trusts no cached figure. No row: nothing is wrong. A view
 * of the engine returns them as customer_id ('' where there is none), subject, expected and found, all text; its comment states the rule.
 */
export interface ViewCheck {
  /** as `doctor --deep` prints it, after `books: ` */
  name: string;
  /** with its schema */
  view: string;
  /** what rebuilds the rows from their sources; absent where they are sources themselves */
  repairs?: readonly Repair[];
}

/** An integrity check that needs something that only the program knows; `findings` has the columns of a view. */
export interface ProgramCheck extends Omit<ViewCheck, 'view'> {
  /** the rule, in the form of a view's comment: `R45: Sentence` */
  rule: string;
  findings: (db: Db) => Statement;
}

export type Check = ViewCheck | ProgramCheck;

/** The rows of a check. */
export function findingsOf(db: Db, check: Check): Statement {
  if ('findings' in check) return check.findings(db);
  return db`select v.customer_id, v.subject, v.expected, v.found from ${db(check.view)} v`;
}
