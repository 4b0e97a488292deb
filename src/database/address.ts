import { userInfo } from 'node:os';
import { Failure } from '../domain/failure.ts';

/** Where a PostgreSQL server is and how to enter it. `hosts` that begin with `/` are socket directories. */
export interface Address {
  hosts: string[];
  ports: number[];
  database: string;
  user: string;
  password: string | undefined;
  sslmode: SslMode;
  /** files: of the authority that signs the server's certificate, and our own certificate and key */
  tlsFiles: TlsFiles;
  connectTimeoutSeconds: number | undefined;
  options: string | undefined;
  targetSession: TargetSession | undefined;
}

export interface TlsFiles {
  sslrootcert?: string | undefined;
  sslcert?: string | undefined;
  sslkey?: string | undefined;
}

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];
const targetSessions = ['read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type TargetSession = (typeof targetSessions)[number];

/** What other drivers write into the same DATABASE_URL and what means nothing to us. */
const othersOptions = new Set([
  ...[
    'application_name',
    'fallback_application_name',
    'client_encoding',
    'channel_binding',
    'gssencmode',
    'sslnegotiation',
    'keepalives',
  ],
  ...[
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
    'passfile',
    'service',
    'sslcompression',
    'sslcrl',
    'sslsni',
  ],
  ...[
    'schema',
    'connection_limit',
    'pool_timeout',
    'pool_size',
    'max_overflow',
    'pgbouncer',
    'sslaccept',
    'sslidentity',
    'socket_timeout',
  ],
  ...[
    'statement_cache_size',
    'prepared_statement_cache_size',
    'prepareThreshold',
    'async_fallback',
    'conn_max_age',
    'load_balance_hosts',
  ],
]);

/**
 * Reads a connection URL as libpq does: `postgres://` or `postgresql://` (also with a driver, `postgresql+asyncpg://`),
 * several hosts, `[::1]`, percent-encoding, and unix sockets (`postgres:///db?host=/run/x`, `postgres://u@/db?host=/run/x`,
 * `postgres://%2Frun%2Fx/db`). A URL that cannot be understood is a Failure `config` that never repeats the password.
 */
export function parseDatabaseUrl(text: string, env: NodeJS.ProcessEnv = process.env): Address {
  const match =
    /^postgres(?:ql)?(?:\+\w+)?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/s.exec(
      text.trim(),
    );
  if (!match) throw refused(explain(text));
  const [, userinfo, authority = '', path = '', search = ''] = match;
  if (`${path}${search}`.includes('@')) throw refused(encoding); // or a part of the password would pass for something else, and be told
  const query = readQuery(search);
  const { user, password } = readUser(userinfo);
  const { hosts, ports } = readHosts(
    query.get('host') ?? query.get('hostaddr') ?? '',
    query.get('port'),
    authority,
  );
  const name = user || query.get('user') || env['PGUSER'] || systemUser();
  return {
    hosts,
    ports,
    user: name,
    password: password ?? query.get('password') ?? env['PGPASSWORD'],
    database: decode(path) || query.get('dbname') || env['PGDATABASE'] || name,
    sslmode: choose(
      'sslmode',
      query.get('sslmode') ?? sslFlag(query.get('ssl')) ?? env['PGSSLMODE'] ?? 'prefer',
      sslModes,
    ),
    tlsFiles: {
      sslrootcert: query.get('sslrootcert'),
      sslcert: query.get('sslcert'),
      sslkey: query.get('sslkey'),
    },
    connectTimeoutSeconds: query.has('connect_timeout')
      ? wholeNumber('connect_timeout', query.get('connect_timeout'), 0, 3600)
      : undefined,
    options: query.get('options'),
    targetSession: query.has('target_session_attrs')
      ? choose('target_session_attrs', query.get('target_session_attrs'), targetSessions)
      : undefined,
  };
}

function readUser(userinfo: string | undefined) {
  if (userinfo === undefined) return { user: '', password: undefined };
  const colon = userinfo.indexOf(':');
  if (colon < 0) return { user: decode(userinfo), password: undefined };
  return { user: decode(userinfo.slice(0, colon)), password: decode(userinfo.slice(colon + 1)) };
}

function readHosts(queryHost: string, queryPort: string | undefined, authority: string) {
  const hosts: string[] = [];
  const ports: number[] = [];
  for (const one of (authority || ' ').split(',')) {
    const match = /^(\[[0-9A-Fa-f:.]+\]|[^:]*)(?::(\d*))?$/.exec(one.trim());
    if (!match) throw refused(encoding);
    hosts.push(decode(match[1] ?? '').replace(/^\[|\]$/g, ''));
    ports.push(wholeNumber('the port', match[2] || queryPort || '5432', 1, 65535));
  }
  if (queryHost) {
    const named = queryHost.split(',');
    return { hosts: named, ports: named.map((_, index) => ports[index] ?? ports[0] ?? 5432) };
  }
  return { hosts: hosts.map((host) => host || 'localhost'), ports };
}

function readQuery(search: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const part of search.split('&').filter(Boolean)) {
    const [key = '', ...rest] = part.split('=');
    if (othersOptions.has(key)) continue;
    if (!knownOptions.has(key))
      throw refused(`it has an option '${key}' that PostgreSQL connections do not know`);
    query.set(key, decode(rest.join('=')));
  }
  return query;
}

const knownOptions = new Set([
  ...[
    'host',
    'hostaddr',
    'port',
    'user',
    'password',
    'dbname',
    'sslmode',
    'ssl',
    'sslrootcert',
    'sslcert',
    'sslkey',
  ],
  ...['connect_timeout', 'options', 'target_session_attrs'],
]);

/** `?ssl=true` of asyncpg and of node drivers. */
function sslFlag(value: string | undefined): string | undefined {
  return value === 'true' || value === '1'
    ? 'require'
    : value === 'false' || value === '0'
      ? 'disable'
      : value;
}

function choose<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (!found) throw refused(`${name} is '${value}', not one of ${allowed.join(', ')}`);
  return found;
}

function wholeNumber(name: string, text: string | undefined, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text ?? '') || value < least || value > most)
    throw refused(`${name} is not a number from ${least} to ${most}`);
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(`it has a '%' that is not followed by two hexadecimal digits; a '%' itself is written %25`);
  }
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'postgres'; // a container's uid without a passwd entry
  }
}

const encoding =
  "it is not of the form below; in names and passwords, write '/', '?', '#' and '@' as %2F, %3F, %23 and %40";

function explain(text: string): string {
  if (text.trim() === '') return 'it is empty';
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(text.trim())?.[1];
  if (!scheme) return 'it does not begin with postgres://';
  if (!/^postgres(ql)?(\+\w+)?$/.test(scheme))
    return `it begins with ${scheme}:, and only PostgreSQL (postgres://) will do`;
  return encoding;
}

function refused(reason: string): Failure {
  return new Failure('config', `The database URL cannot be used: ${reason}`, {
    hint: 'DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE, or postgres:///DATABASE?host=/run/postgresql for a socket',
  });
}
