import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import { openPasswordFile } from './password-file.ts';
import { readParameters } from './read-parameters.ts';
import { readServers, type Servers } from './servers.ts';
import { chooseSecurity, type Security } from './ssl-mode.ts';
import { choose, decode, encoding, refused, wholeNumber } from './url-values.ts';

/** Where a PostgreSQL server is and how to enter it. `hosts` that begin with `/` are socket directories. */
export interface Address extends Security {
  hosts: string[];
  /** as many as hosts */
  ports: number[];
  /** the IP address to connect to in place of the host of the same place, whose name the certificate must bear all the same */
  hostaddrs?: readonly string[] | undefined;
  database: string;
  user: string;
  password: string | undefined;
  /** of each host, where the password file has another for each; then `password` is undefined */
  passwords?: readonly (string | undefined)[] | undefined;
  /** the password file, where it was looked into and had no password for each host */
  passwordFile?: { file: string; problem?: string | undefined } | undefined;
  connectTimeoutSeconds: number | undefined;
  options: string | undefined;
  targetSession: TargetSession | undefined;
}

const targetSessions = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type TargetSession = (typeof targetSessions)[number];

/**
 * Reads a connection URL as libpq does: `postgres://` or `postgresql://` (also with a driver, `postgresql+asyncpg://`),
 * several hosts, `[::1]`, percent-encoding, and unix sockets (`postgres:///db?host=/run/x`, `postgres://u@/db?host=/run/x`,
 * `postgres://%2Frun%2Fx/db`). What the URL does not say, its service, libpq's variables and the password file do, in this order. A URL that cannot be understood is a Failure `config`
 * that never repeats the password.
 */
export function parseDatabaseUrl(text: string, env: NodeJS.ProcessEnv = process.env): Address {
  const match =
    /^postgres(?:ql)?(?:\+\w+)?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/s.exec(
      text.trim(),
    );
  if (!match) throw refused(explain(text));
  const [, userinfo, authority = '', path = '', search = ''] = match;
  if (`${path}${search}`.includes('@')) throw refused(encoding); // or a part of the password would pass for something else, and be told
  const asked = readParameters(search, env, saidBy(authority, search));
  const { user, password } = readUser(userinfo);
  const servers = readServers(authority, asked);
  const name = user || asked.get('user') || systemUser();
  const database = decode(path) || asked.get('dbname') || name;
  return {
    ...servers,
    user: name,
    database,
    ...choosePassword(password || asked.get('password'), servers, { database, user: name, asked, env }),
    ...chooseSecurity(asked, servers.hosts),
    connectTimeoutSeconds: asked.has('connect_timeout')
      ? wholeNumber('connect_timeout', asked.get('connect_timeout'), 0, 3600)
      : undefined,
    options: asked.get('options'),
    targetSession: asked.has('target_session_attrs')
      ? choose('target_session_attrs', asked.get('target_session_attrs'), targetSessions)
      : undefined,
  };
}

/** The host, or the address in its place, with its port, for sentences. */
export function serverName({ hosts, ports, hostaddrs }: Address, at: number): string {
  const host = hosts[at]!;
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${ports[at]}`;
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  return `${shown}:${ports[at]}${hostaddrs && hostaddrs[at] !== host ? ` (${hostaddrs[at]})` : ''}`;
}

/** The parameters about which a URL leaves no variable a word. */
function saidBy(authority: string, search: string): ReadonlySet<string> {
  const namesHost = /^[^:]/.test(authority) || /(^|&)host(addr)?=/.test(search);
  return new Set([
    ...(namesHost ? ['host', 'hostaddr'] : []),
    ...(/:\d+(,|$)/.test(authority) ? ['port'] : []),
  ]);
}

function readUser(userinfo: string | undefined) {
  if (userinfo === undefined) return { user: '', password: undefined };
  const colon = userinfo.indexOf(':');
  if (colon < 0) return { user: decode(userinfo), password: undefined };
  return { user: decode(userinfo.slice(0, colon)), password: decode(userinfo.slice(colon + 1)) };
}

/** The password that is said, else those of the password file, as libpq looks them up for each host. */
function choosePassword(
  said: string | undefined,
  { hosts, ports }: Servers,
  about: { database: string; user: string; asked: ReadonlyMap<string, string>; env: NodeJS.ProcessEnv },
): Pick<Address, 'password' | 'passwords' | 'passwordFile'> {
  const file = said ? undefined : openPasswordFile(about.asked.get('passfile'), about.env);
  if (!file) return { password: said };
  const { database, user } = about;
  const found = hosts.map((host, at) => file.passwordOf({ host, port: ports[at]!, database, user }));
  const isOne = found.every((one) => one === found[0]);
  if (isOne && found[0] !== undefined) return { password: found[0] };
  return {
    password: said,
    ...(!isOne && { passwords: found }),
    passwordFile: { file: file.file, problem: file.problem },
  };
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'postgres'; // a container's uid without a passwd entry
  }
}

function explain(text: string): string {
  const plain = text.trim();
  if (plain === '') return 'it is empty';
  if (/^["'`“”‘’]/.test(plain)) return 'it begins with a quote; write it without the quotes';
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(plain)?.[1];
  if (!scheme) return 'it does not begin with postgres://';
  if (!/^postgres(ql)?(\+\w+)?$/.test(scheme))
    return `it begins with ${scheme}:, and only PostgreSQL (postgres://) will do`;
  return encoding;
}
