import { afterAll } from 'vitest';
import { createToken } from '../../../src/api-tokens/create-token.ts';
import { type Scope, scopeNames } from '../../../src/api-tokens/scopes.ts';
import { recordChange } from '../../../src/database/change.ts';
import type { Connection } from '../../../src/database/connect.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { inTransaction } from '../../../src/database/transaction.ts';
import { type ApiSource, apiRoutes } from '../../../src/http/api/routes.ts';
import { type RunningServer, startServer } from '../../../src/http/server.ts';
import { asTester } from '../../support/catalogue.ts';

export interface Asked {
  token?: string | undefined;
  method?: string;
  body?: unknown;
  /** sent as it is, in place of a body */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
}

export interface Answered {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export interface Api {
  url: string;
  ask(path: string, asked?: Asked): Promise<Answered>;
  /** a token with these scopes; all of them that it can have unless said */
  token(about?: {
    scopes?: readonly Scope[];
    customer?: string;
    prefix?: string;
    expiresAt?: Date;
  }): Promise<string>;
  bugs: unknown[];
  facts: object[];
  close(): Promise<void>;
}

let names = 0;

// Registered for the file that imports this: hooks that a running test registers would be ignored.
const servers: RunningServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** The API on a database, on a free port; closed after the file's last test. */
export async function startApi(sql: Connection, about: Partial<ApiSource> = {}): Promise<Api> {
  const { asOf } = about;
  const [bugs, facts]: [unknown[], object[]] = [[], []];
  const now = async () => asOf ?? (await sql<[{ now: Date }]>`select clock_timestamp() as now`)[0].now;
  const source: ApiSource = {
    ...{ connection: sql, asOf, now, clock: () => asOf ?? new Date(), renew: () => undefined },
    ...{ behindProxy: false, timeoutMs: 30_000, version: '0.0.0', returnUrl: undefined },
    write: (request, work) =>
      inTransaction(sql, async (tx) => work(tx, await recordChange(tx, { ...request, now: await now() }))),
    stripe: () => Promise.reject(new Error('no Stripe')),
    gateway: () => Promise.reject(new Error('no Stripe')),
    keyRing: () => Promise.reject(new Failure('config', 'No master key is configured')),
    ...about,
  };
  const server = await startServer({
    ...{ host: '127.0.0.1', port: 0, routes: [apiRoutes(source)], onBug: (error) => bugs.push(error) },
    log: { clock: () => new Date(), onRequest: (each) => facts.push(each) },
  });
  servers.push(server);
  return {
    ...{ url: server.url, bugs, facts, close: () => server.close() },
    async ask(path, { token, method, body, raw, headers = {} } = {}) {
      const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${server.url}${path}`, {
        method: method ?? (content === undefined ? 'GET' : 'POST'),
        headers: {
          ...(content !== undefined && { 'Content-Type': 'application/json' }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(content !== undefined && { body: content as string }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async token({ scopes: asked, ...bound } = {}) {
      const isBound = Object.keys(bound).length > 0; // keys belong to the whole installation
      const scopes = asked ?? scopeNames.filter((scope) => !isBound || scope !== 'keys');
      const made = await asTester(sql, (tx, change) =>
        createToken(tx, change, { name: `t${names++}`, scopes, ...bound }),
      );
      return made.token;
    },
  };
}
