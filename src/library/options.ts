import type { Failure } from '../domain/failure.ts';

/** A client or transaction of postgres.js that the application has: `postgres(url)`, or the `sql` of `sql.begin(sql => …)`. */
export interface SqlClient {
  (strings: TemplateStringsArray, ...values: never[]): PromiseLike<unknown>;
  unsafe(text: string): PromiseLike<unknown>;
  json(value: never): unknown;
}

export interface LinkOptions {
  /** of the database; the environment's DATABASE_URL unless said */
  url?: string | undefined;
  /** a postgres.js client of the application's, in place of connections of our own */
  sql?: SqlClient | undefined;
  /** connections of our own at most, 4 unless said */
  connections?: number | undefined;
  /** how long the database may take to answer, 5,000 unless said */
  timeoutMs?: number | undefined;
}

export interface BatchOptions {
  /** events of a batch at most, 100 unless said */
  size?: number | undefined;
  /** how long an event waits for others, 10 unless said */
  milliseconds?: number | undefined;
  /** events that nobody has been told of yet, at most, 10,000 unless said: `record` waits for a place */
  capacity?: number | undefined;
}

export interface SpoolOptions {
  /** a folder of the host's own disk; several processes may share it */
  folder: string;
  /** of all files in it, 64 MiB unless said; when it is full nothing is kept any more */
  bytes?: number | undefined;
}

export interface PolicyOptions {
  /**
   * What holds when the database cannot be reached (R17). `fail-closed`, which holds unless said: nothing is allowed. `fail-open`: uses
   * are allowed unchecked, kept in the spool, and recorded when the database is back, beyond limits if need be.
   */
  onUnavailable?: 'fail-closed' | 'fail-open' | undefined;
  /** where uses that have happened are kept while the database is away; `fail-open` needs it */
  spool?: SpoolOptions | undefined;
  /** how long what has happened is tried again while the database is away and there is no spool for it, 10,000 unless said */
  retryMs?: number | undefined;
  /** told of what goes wrong in the background, and of uses that could not be recorded; a warning of the process unless said */
  onProblem?: ((problem: Failure) => void) | undefined;
}

export interface CacheOptions {
  /** how long what a customer has is kept, 5,000 unless said: a change of plan is seen so much later */
  milliseconds?: number | undefined;
  /** how often the catalogue is looked at, 1,000 unless said */
  catalogueMs?: number | undefined;
  /** at most, 10,000 unless said */
  customers?: number | undefined;
}

export interface ClientOptions extends LinkOptions, PolicyOptions {
  /** the master key of the provider keys, several with commas; that of SUBCTL_MASTER_KEY, _FILE or _COMMAND unless said */
  masterKey?: string | undefined;
  /** collect events of `record` into batches; `true` for the sizes below */
  batch?: BatchOptions | boolean | undefined;
  /** keep what `plan`, `feature` and `has` answer for a while; limits are never kept */
  cache?: CacheOptions | boolean | undefined;
}

/** `hold`: room is kept until it is known what happened. `check`: it is looked for, and what happened is recorded, in batches where there are any. */
export type How = 'hold' | 'check';
