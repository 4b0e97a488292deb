import type { FeatureAnswer } from '../subscriptions/can-use.ts';
import type { Entitlements } from '../subscriptions/entitlements.ts';
import type { Preflight } from '../usage/preflight.ts';
import type { Released, Reserved } from '../usage/reserve.ts';
import type { CurrentUsage } from '../usage/show.ts';
import type { Answer } from '../usage/use.ts';
import type { SqlClient } from './options.ts';
import type { Amounts, Use } from './use.ts';

/** What every call may be told. */
export interface Call {
  /** the business's now; the database's clock unless said */
  asOf?: Date | undefined;
  /** a transaction of the application's (postgres.js): what is written stands or falls with it */
  sql?: SqlClient | undefined;
}

/** A use that is held before it happens. */
export type Hold = Omit<Use, 'at' | 'status' | 'latencyMs' | 'alreadySpent'> & {
  /** how long, 900 unless said */
  holdSeconds?: number | undefined;
};

/** The true amounts of what was held; what is not given is what was reserved. */
export type Settled = Amounts & {
  customer: string;
  reservation: string;
  status?: string | undefined;
  latencyMs?: number | undefined;
  endpoint?: string | undefined;
  key?: string | undefined;
  metadata?: unknown;
};

/** A use of a list; the customer is that of the list. */
export type Planned = Pick<Use, 'kind' | 'member' | 'session' | 'endpoint' | 'metadata'> & Amounts;

export interface Plans {
  customer: string;
  uses: readonly Planned[];
  /** hold them all for so long; without it nothing is written */
  holdSeconds?: number | undefined;
  key?: string | undefined;
}

/**
 * What an application asks of subctl. Each call is one question to the database, decided there by the functions that SQL and the program
 * call too; a refusal is an answer with `allowed: false`. What cannot be answered is a Failure: `unavailable` when the database is away,
 * `usage`, `not_found` or `conflict` when the question is wrong.
 */
export interface Client {
  /** Records the use if limits and credits allow it. */
  record(use: Use, call?: Call): Promise<Answer>;
  /** Whether the use would be allowed; writes nothing. */
  check(use: Use, call?: Call): Promise<Answer>;
  /** Holds an amount while a call runs; then `settle` or `release`. */
  reserve(use: Hold, call?: Call): Promise<Reserved>;
  /** Records what was held, at its true amounts, once. */
  settle(done: Settled, call?: Call): Promise<Reserved>;
  /** Lets go of what was held: the call was not made. */
  release(held: { customer: string; reservation: string }, call?: Call): Promise<Released>;
  /** Whether a list of uses fits as a whole, all or nothing; with `holdSeconds` all of them are held. */
  preflight(plans: Plans, call?: Call): Promise<Preflight>;
  /** What the customer has used of every limit, and its credits. */
  usage(customer: string, call?: Call): Promise<CurrentUsage>;
  /** The customer's plan, status, period and features. */
  plan(customer: string, call?: Call): Promise<Entitlements>;
  /** Whether the customer has the feature, and how much of it. Failure not_found for one that no plan has: a slip of the key is no `no`. */
  feature(customer: string, feature: string, call?: Call): Promise<FeatureAnswer>;
  /** The same, in short: `feature().allowed`. */
  has(customer: string, feature: string, call?: Call): Promise<boolean>;
  /** Ends the connections; those of the application's stay. */
  close(): Promise<void>;
}
