import type { Address } from './address.ts';

/**
 * No host at all: a driver that overlooks `?host=` finds nobody, and sends no password to whoever listens on localhost. It is before `/` in the
 * alphabet, by which Go's lib/pq sorts the two, of which it takes the last.
 */
const nowhere = '.';

/**
 * The URL of `address` as libpq, psql and other drivers read it; sockets go into `?host=`, and all that was asked for beside them into the
 * parameters. Beside `?host=` stands a host that it overrides, for parsers of URLs refuse a user without one.
 * Without `showPassword` the password, if there is one, is `****`.
 */
export function formatDatabaseUrl(address: Address, { showPassword = false } = {}): string {
  const password =
    address.password === undefined ? '' : `:${showPassword ? encodeURIComponent(address.password) : '****'}`;
  const inSearch = address.hosts.some(isSocket);
  const authority = address.hosts
    .map((host, index) => `${bracketed(host)}:${address.ports[index]}`)
    .join(',');
  const options = parametersOf(address).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${encodeValue(String(value))}`,
  );
  const user = encodeURIComponent(address.user);
  const database = encodeURIComponent(address.database);
  const search = options.length > 0 ? `?${options.join('&')}` : '';
  return `postgres://${user}${password}@${inSearch ? nowhere : authority}/${database}${search}`;
}

/** The parameters behind the `?`, in their order; undefined for what is not said. */
function parametersOf(address: Address): [name: string, value: string | number | undefined][] {
  const inSearch = address.hosts.some(isSocket);
  const onSocket = address.hosts.every(isSocket);
  const { sslrootcert, sslcert, sslkey, sslcrl } = address.tlsFiles;
  return Object.entries({
    host: inSearch ? address.hosts.join(',') : undefined,
    port: inSearch && address.ports.some((port) => port !== 5432) ? address.ports.join(',') : undefined,
    hostaddr: address.hostaddrs?.join(','),
    sslmode: onSocket || address.sslmode === 'prefer' ? undefined : address.sslmode,
    ...{ sslrootcert, sslcert, sslkey, sslcrl },
    sslnegotiation: address.directTls ? 'direct' : undefined,
    sslsni: address.hideName ? '0' : undefined,
    channel_binding: address.scramOnly ? 'require' : undefined,
    connect_timeout: address.connectTimeoutSeconds,
    options: address.options,
    target_session_attrs: address.targetSession,
  });
}

const isSocket = (host: string): boolean => host.startsWith('/');

/** `url` with another database in it. */
export function withDatabase(url: string, database: string): string {
  return url.replace(
    /^(\w+(?:\+\w+)?:\/\/[^/?#]*)(?:\/[^?#]*)?/,
    (_, server: string) => `${server}/${encodeURIComponent(database)}`,
  );
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Paths, lists and addresses stay readable. */
function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/%(2F|2C|3A)/g, (code) => decodeURIComponent(code));
}
