import type { Address } from './address.ts';

/**
 * The URL of `address` as libpq, psql and other drivers read it; sockets go into `?host=`. Without `showPassword` the password, if
 * there is one, is `****`.
 */
export function formatDatabaseUrl(address: Address, { showPassword = false } = {}): string {
  const password =
    address.password === undefined ? '' : `:${showPassword ? encodeURIComponent(address.password) : '****'}`;
  const onSocket = address.hosts.every((host) => host.startsWith('/'));
  const authority = address.hosts
    .map((host, index) => `${bracketed(host)}:${address.ports[index]}`)
    .join(',');
  const options = [
    onSocket ? `host=${address.hosts.map(encodeFolder).join(',')}` : '',
    onSocket && address.ports.some((port) => port !== 5432) ? `port=${address.ports.join(',')}` : '',
    onSocket || address.sslmode === 'prefer' ? '' : `sslmode=${address.sslmode}`,
    address.options ? `options=${encodeURIComponent(address.options)}` : '',
  ].filter(Boolean);
  const user = encodeURIComponent(address.user);
  const database = encodeURIComponent(address.database);
  const search = options.length > 0 ? `?${options.join('&')}` : '';
  return `postgres://${user}${password}@${onSocket ? '' : authority}/${database}${search}`;
}

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

function encodeFolder(folder: string): string {
  return encodeURIComponent(folder).replaceAll('%2F', '/');
}
