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

export type ClientOptions = LinkOptions;
