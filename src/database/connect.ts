import postgres from 'postgres';
import { type Address, parseDatabaseUrl } from './address.ts';
import { arrayTypes, valueTypes } from './values.ts';

/**
 * A handle for SQL, either the connection or one transaction on it: `` await db<Row[]>`select … ${value}` ``.
 * numeric and int8 arrive as strings, date as a string, timestamptz as Date. No search path is relied on: write `subctl.table`.
 */
export type Db = postgres.ISql<Record<string, unknown>>;

/** The pool: what `inTransaction` takes and what must be `end()`ed before the process may leave. */
export type Connection = postgres.Sql<Record<string, unknown>>;

/** Where the database is: `url`, or else the embedded database of the folder `home`. `pin` says which of the two it must be. */
export interface DatabaseSettings {
  url?: string | undefined;
  pin?: 'external' | 'embedded' | undefined;
  home: string;
  mayCreate?: boolean | undefined;
  /** Connections at most; one command needs one or two. */
  max?: number | undefined;
}

/**
 * Opens the database of `settings`. With a URL nothing is sent yet: a server that is away is found by the first query. Without one
 * the embedded server is started if it is not running; where there is none it is made only with `mayCreate`.
 * Failure `config` when neither exists, when the URL is wrong, or when both contradict `pin`.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Connection> {
  if (settings.url !== undefined && settings.pin !== 'embedded')
    return connectTo(parseDatabaseUrl(settings.url), settings.max);
  const { openEmbedded } = await import('./embedded/open.ts');
  return connectTo(await openEmbedded(settings), settings.max);
}

/** A pool of at most `max` connections to `address`: works through PgBouncer in transaction mode, and prints no server notices. */
export function connectTo(address: Address, max = 4): Connection {
  const connection = postgres({
    host: address.hosts.length === 1 ? address.hosts[0] : address.hosts,
    port: address.ports.length === 1 ? address.ports[0] : address.ports,
    database: address.database,
    user: address.user,
    pass: address.password ?? '',
    ssl: transportSecurity(address),
    max,
    prepare: false,
    fetch_types: false,
    onnotice: () => undefined,
    idle_timeout: 20,
    connect_timeout: address.connectTimeoutSeconds || 10,
    backoff: false,
    target_session_attrs: address.targetSession,
    types: valueTypes,
    connection: {
      application_name: 'subctl',
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      ...(address.options ? { options: address.options } : {}),
    },
  } as postgres.Options<Record<string, postgres.PostgresType>>);
  Object.assign(
    (connection.options as unknown as { shared: { typeArrayMap: object } }).shared.typeArrayMap,
    arrayTypes,
  );
  return connection as unknown as Connection;
}

/** As libpq: `prefer`, `allow` and `require` encrypt without proof of identity, `verify-ca` asks for the chain, `verify-full` for the name too. */
function transportSecurity({ hosts, sslmode, tls }: Address) {
  if (sslmode === 'disable' || hosts.every((host) => host.startsWith('/'))) return false;
  if (sslmode === 'verify-full') return { ...tls, rejectUnauthorized: true };
  if (sslmode === 'verify-ca' || (sslmode === 'require' && tls.ca)) {
    return { ...tls, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return Object.keys(tls).length > 0 ? { ...tls, rejectUnauthorized: false } : sslmode;
}
