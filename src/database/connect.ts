import postgres from 'postgres';
import { Failure } from '../domain/failure.ts';
import { type Address, parseDatabaseUrl } from './address.ts';
import { openEmbedded } from './embedded/open.ts';
import { ServerConnection } from './server-connection.ts';
import { withOwnSession } from './own-session.ts';
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

/** the lines of each pool */
const linesOf = new WeakMap<Connection, Set<ServerConnection>>();

/**
 * A pool of at most `max` connections to `address`: works through PgBouncer in transaction mode, and prints no server notices. Each
 * statement runs in a transaction with settings of our own.
 */
export function connectTo(address: Address, max = 4): Connection {
  const lines = new Set<ServerConnection>();
  let isEnded = false;
  let asking = 0; // the server whose login is being answered
  const openLine = () => {
    const line = new ServerConnection(address, (at) => (asking = at));
    lines.add(line);
    line.once('close', () => lines.delete(line));
    if (isEnded) line.destroy();
    return line;
  };
  const { options } = postgres({
    host: [address.hosts.join(',')], // for the driver's sentences: where to go is the line's matter
    port: [address.ports[0]],
    database: address.database,
    user: address.user,
    pass: () => address.passwords?.[asking] ?? address.password ?? '',
    ssl: false,
    sslnegotiation: null,
    socket: openLine,
    max: 0, // only its options are wanted
    prepare: false,
    fetch_types: false,
    onnotice: () => undefined,
    idle_timeout: 20,
    connect_timeout: 0,
    backoff: false,
    target_session_attrs: 'primary',
    types: valueTypes,
    no_subscribe: true,
    connection: {
      application_name: 'subctl',
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
      ...(address.options ? { options: address.options } : {}),
    },
  } as unknown as postgres.Options<Record<string, postgres.PostgresType>>);
  // read options are taken as they are. Before, the driver would have fallen back to PGTARGETSESSIONATTRS, which the line has seen to
  const connection = postgres({
    ...options,
    max,
    target_session_attrs: undefined,
    no_subscribe: true,
  } as never) as unknown as Connection;
  Object.assign(
    (connection.options as unknown as { shared: { typeArrayMap: object } }).shared.typeArrayMap,
    arrayTypes,
  );
  const end = connection.end.bind(connection);
  const pool = withOwnSession(
    Object.assign(connection, {
      async end(how?: { timeout?: number }) {
        // for a connection that broke in a transaction the driver waits as if it could still answer
        await end(lines.size === 0 ? { timeout: 0 } : how);
        isEnded = true;
        for (const line of lines) line.destroy();
      },
    }),
  );
  linesOf.set(pool, lines);
  return pool;
}

/** The server's processes for the connections of a pool. */
export function pidsOf(connection: Connection): number[] {
  return [...(linesOf.get(connection) ?? [])].flatMap(({ pid }) => pid ?? []);
}

/** Has the server cancel the statements of a pool that run. */
export async function cancelStatements(connection: Connection): Promise<void> {
  await Promise.all([...(linesOf.get(connection) ?? [])].map((line) => line.cancel()));
}

/** Ends a pool at once: what its statements have not committed is canceled and undone, at the server too. */
export async function cutOff(connection: Connection): Promise<void> {
  await Promise.all([...(linesOf.get(connection) ?? [])].map((line) => line.cutOff()));
  await connection.end({ timeout: 0 });
}
