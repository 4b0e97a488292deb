import type postgres from 'postgres';
import type { Db } from '../database/connect.ts';

/** A statement that has not been sent; it may be set into another. */
export type Statement = postgres.PendingQuery<postgres.Row[]>;

/**
 * One integrity check (R45): a statement over sets that lists the rows that disagree with their sources, and trusts no cached figure.
 * Its columns are `customer` ('' where there is none), `what`, `expected` and `found`, all text. No row: nothing is wrong.
 */
export interface Check {
  name: string;
  /** what it asserts, as a sentence without a full stop */
  asserts: string;
  findings: (db: Db, now: Date) => Statement;
}

/** The instant from which all usage events are still kept: what lies before it cannot be counted again. */
export const keptFrom = (db: Db): Statement =>
  db`(select coalesce(subctl.setting('events_from')::timestamptz, '-infinity'))`;

/** The statuses of a subscription that is live. */
export const isLive = (db: Db): Statement => db`status in ('trialing', 'active', 'past_due', 'paused')`;
