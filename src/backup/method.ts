import { Failure } from '../domain/failure.ts';
import { type Client, findClient, majorOf } from './clients.ts';
import type { Method } from './open-file.ts';

export interface MethodRequest {
  /** undefined: the one that fits */
  asked: Method | undefined;
  /** version of the server */
  server: string;
  env: Record<string, string | undefined>;
}

/** How an archive is made, and a sentence that says why. */
export type Chosen = { why: string } & ({ method: 'copy' } | { method: 'pg_dump'; client: Client });

/**
 * Chooses pg_dump where one is on the PATH that knows the server, and subctl's own archive otherwise.
 * @throws Failure config when pg_dump was asked for and will not do
 */
export function chooseMethod({ asked, server, env }: MethodRequest): Chosen {
  if (asked === 'copy') return { method: 'copy', why: 'asked for' };
  const client = findClient('pg_dump', env);
  const why = reasonAgainst(client, server);
  if (client && why === undefined)
    return { method: 'pg_dump', client, why: `pg_dump ${client.version} knows PostgreSQL ${server}` };
  if (asked === undefined) return { method: 'copy', why: why! };
  throw new Failure('config', `The backup cannot be made by pg_dump: ${why}`, {
    hint: `install the client programs of PostgreSQL ${majorOf(server)}, or leave out --method`,
  });
}

function reasonAgainst(client: Client | undefined, server: string): string | undefined {
  if (!client) return 'there is no pg_dump on the PATH';
  if (client.major < majorOf(server))
    return `pg_dump ${client.version} on the PATH is older than the server, ${server}`;
  return undefined;
}
