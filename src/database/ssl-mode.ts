import { choose, refused } from './url-values.ts';

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

export interface TlsFiles {
  sslrootcert?: string | undefined;
  sslcert?: string | undefined;
  sslkey?: string | undefined;
  sslcrl?: string | undefined;
}

/** How the way to the server is protected. */
export interface Security {
  sslmode: SslMode;
  /** files: of the authority that signs the server's certificate, what it revoked, and our own certificate and key */
  tlsFiles: TlsFiles;
  /** TLS without asking for it first (sslnegotiation=direct) */
  directTls?: boolean | undefined;
  /** the host's name is not told in clear when TLS begins (sslsni=0) */
  hideName?: boolean | undefined;
  /** log in by SCRAM inside TLS or not at all (channel_binding=require) */
  scramOnly?: boolean | undefined;
}

/**
 * How the way to the server is to be protected. Parameters that ask for protection without saying `sslmode` raise it; where an
 * `sslmode` that is said is too weak for them, or the way is a socket, they are refused and never left out.
 */
export function chooseSecurity(asked: ReadonlyMap<string, string>, hosts: readonly string[]): Security {
  const said = readMode(asked);
  const files = readFiles(asked);
  const scramOnly = binding(asked) === 'require';
  const sslmode = modeFor(asked, said, files);
  if (scramOnly && hosts.some((host) => host.startsWith('/')))
    throw refused('channel_binding=require needs TLS, and there is none on a socket');
  if (files.sslcrl && !isVerified(sslmode, files))
    throw refused(`sslcrl needs a certificate that is verified: write sslmode=verify-full or sslrootcert`);
  const directTls = asked.get('sslnegotiation') === 'direct';
  choose('sslnegotiation', asked.get('sslnegotiation') ?? 'postgres', ['postgres', 'direct']);
  if (directTls && isWeak(sslmode)) throw refused(weak('sslnegotiation=direct', sslmode, 'require'));
  return {
    sslmode,
    tlsFiles: files,
    ...(directTls && { directTls }),
    ...(asked.get('sslsni') === '0' && { hideName: true }),
    ...(scramOnly && { scramOnly }),
  };
}

function modeFor(asked: ReadonlyMap<string, string>, said: SslMode | undefined, files: TlsFiles): SslMode {
  if (files.sslrootcert === 'system') {
    if (said && said !== 'verify-full') throw refused(weak('sslrootcert=system', said, 'verify-full'));
    return 'verify-full';
  }
  if (isStrict(asked)) {
    if (said === 'disable') throw refused(weak('sslaccept=strict', said, 'verify-full'));
    return 'verify-full';
  }
  if (binding(asked) === 'require' && isWeak(said ?? 'require'))
    if (said === 'disable') throw refused(weak('channel_binding=require', said, 'require'));
    else return 'require';
  return said ?? (files.sslrootcert || binding(asked) === 'require' ? 'require' : 'prefer');
}

/** Whether the certificate's signatures are looked at: also with `require` where there is something to hold them against. */
export function isVerified(sslmode: SslMode, { sslrootcert }: TlsFiles): boolean {
  return sslmode.startsWith('verify') || (sslmode !== 'disable' && Boolean(sslrootcert));
}

/** Whether the server may go without TLS. */
export function isWeak(sslmode: SslMode): boolean {
  return sslmode === 'disable' || sslmode === 'allow' || sslmode === 'prefer';
}

function readMode(asked: ReadonlyMap<string, string>): SslMode | undefined {
  const flag = asked.get('ssl');
  const flags: Record<string, string> = { true: 'require', 1: 'require', false: 'disable', 0: 'disable' };
  const said =
    asked.get('sslmode') ??
    (flag === undefined ? undefined : (flags[flag] ?? flag)) ??
    (asked.get('requiressl') === '1' ? 'require' : undefined);
  if (said === undefined) return undefined;
  return said === 'no-verify' ? 'require' : choose('sslmode', said, sslModes);
}

function readFiles(asked: ReadonlyMap<string, string>): TlsFiles {
  const file = (name: string) => asked.get(name) || undefined;
  const files = { sslrootcert: file('sslrootcert'), sslcert: file('sslcert'), sslkey: file('sslkey') };
  if (Boolean(files.sslcert) !== Boolean(files.sslkey))
    throw refused('sslcert and sslkey go together, and it has only one of them');
  return file('sslcrl') ? { ...files, sslcrl: file('sslcrl') } : files;
}

function isStrict(asked: ReadonlyMap<string, string>): boolean {
  const values = ['strict', 'accept_invalid_certs'] as const;
  return choose('sslaccept', asked.get('sslaccept') ?? 'accept_invalid_certs', values) === 'strict';
}

function binding(asked: ReadonlyMap<string, string>): string {
  return choose('channel_binding', asked.get('channel_binding') ?? 'prefer', [
    'disable',
    'prefer',
    'require',
  ]);
}

function weak(parameter: string, mode: SslMode, least: SslMode): string {
  return `${parameter} needs sslmode=${least}, and sslmode is ${mode}`;
}
