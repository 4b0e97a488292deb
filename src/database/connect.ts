import postgres from 'postgres';
import { Failure } from '../domain/failure.ts';
import { type Address, parseDatabaseUrl } from './address.ts';
import { openEmbedded } from './embedded/open.ts';
import { withOwnSession } from './own-session.ts';
import { transportSecurity } from './tls.ts';
import { arrayTypes, valueTypes } from './values.ts';

/**
 * A handle for SQL, either the connection or one transaction on it: `` await db<Row[]>`select … ${value}` ``.
 * numeric and int8 arrive as strings, date as a string, timestamptz as Date. The search path is ours (own-session.ts); write `subctl.table`.
 */
export type Db = postgres.ISql<Record<string, unknown>>;

/** The pool: what `inTransaction` takes and what must be `end()`ed before the process may leave. */
export type Connection = postgres.Sql<Record<string, unknown>>;

/** Where the database is: `url`, or else the embedded database of the folder `home`. `pin` says which of the two it must be. */
export interface DatabaseSettings {
  url?: string | undefined;
  pin?: 'external' | 'embedded' | undefined;
  /** where the two came from, for sentences */
  urlSource?: string | undefined;
  pinSource?: string | undefined;
  home: string;
  /** who runs the embedded server when we are root */
  account?: string | undefined;
  /** make the embedded database where there is none */
  mayCreate?: boolean | undefined;
  /** connections at most; one command needs one or two */
  max?: number | undefined;
}

/**
 * Opens the database of `settings`. With a URL nothing is sent yet: a server that is away is found by the first query. Without one
 * the embedded server is started if it is not running; where there is none it is made only with `mayCreate`.
 * @throws Failure config when neither exists, when the URL is wrong, or when both contradict `pin`
 */
export async function openDatabase(settings: DatabaseSettings): Promise<Connection> {
  return connectTo(await findDatabase(settings), settings.max);
}

/** The address that `openDatabase` connects to, with the embedded server running. */
export async function findDatabase(settings: DatabaseSettings): Promise<Address> {
  if (isExternal(settings)) return parseDatabaseUrl(settings.url);
  return openEmbedded(settings);
}

/**
 * Whether `settings` mean a database of one's own and not the embedded one.
 * @throws Failure config when the pin says one and the URL, or the lack of it, the other
 */
export function isExternal(settings: DatabaseSettings): settings is DatabaseSettings & { url: string } {
  const { url, pin, urlSource = 'DATABASE_URL', pinSource = 'SUBCTL_DATABASE' } = settings;
  if (pin === 'external' && url === undefined) {
    throw new Failure('config', `${pinSource} says external, and there is no DATABASE_URL`, {
      hint: 'set DATABASE_URL (crontab and systemd do not read your profile), or see: subctl config show',
    });
  }
  if (pin === 'embedded' && url !== undefined) {
    throw new Failure(
      'config',
      `${pinSource} says embedded, and there is also a database URL (${urlSource})`,
      {
        hint: 'take one of the two away; see: subctl config show',
      },
    );
  }
  return url !== undefined;
}

/**
 * A pool of at most `max` connections to `address`: works through PgBouncer in transaction mode, and prints no server notices. Each
 * statement runs in a transaction with settings of our own. `more` are further options of postgres.js.
 */
export function connectTo(address: Address, max = 4, more: object = {}): Connection {
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
    ...more,
  } as postgres.Options<Record<string, postgres.PostgresType>>);
  Object.assign(
    (connection.options as unknown as { shared: { typeArrayMap: object } }).shared.typeArrayMap,
    arrayTypes,
  );
  return withOwnSession(connection as unknown as Connection);
}
