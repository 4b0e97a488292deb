import { readFileSync } from 'node:fs';
import { isIP, type Socket } from 'node:net';
import type * as Tls from 'node:tls';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import { Failure } from '../domain/failure.ts';
import type { Address } from './address.ts';
import { isVerified } from './ssl-mode.ts';

/**
 * What Node's TLS needs for a way to `host`, as libpq means `sslmode`: `prefer` and `require` encrypt without proof of identity,
 * `verify-ca` asks for the chain of signatures, `verify-full` for the host's name or address too.
 * @throws Failure config when a file cannot be read
 */
export function tlsOptions({ sslmode, tlsFiles, hideName }: Address, host: string): ConnectionOptions {
  const { sslrootcert, sslcert, sslkey, sslcrl } = tlsFiles;
  return {
    ...read('ca', sslrootcert === 'system' ? undefined : sslrootcert),
    ...read('cert', sslcert),
    ...read('key', sslkey),
    ...read('crl', sslcrl),
    ...(isIP(host) === 0 && !hideName && { servername: host }),
    rejectUnauthorized: isVerified(sslmode, tlsFiles),
    // Node would check the name 'localhost' where no servername is sent
    checkServerIdentity: (_, certificate) =>
      sslmode === 'verify-full' ? refuseName(host, certificate) : undefined,
  };
}

let tls: typeof Tls | undefined;

/** Loads Node's TLS: some milliseconds, which a socket or loopback need not spend. */
export async function loadTls(): Promise<void> {
  tls ??= await import('node:tls');
}

/** Begins TLS over `socket`, whose other side is ready for it; the first word is 'secureConnect' or 'error'. `loadTls` comes before. */
export function encrypt(socket: Socket, options: ConnectionOptions): TLSSocket {
  return tls!.connect({ ...options, socket });
}

function refuseName(host: string, certificate: PeerCertificate): Error | undefined {
  if (!tls!.checkServerIdentity(host, certificate)) return undefined;
  const names = certificate.subjectaltname ?? certificate.subject?.CN;
  const message = `it does not name ${host}${names ? `, but ${names}` : ''}`;
  return Object.assign(new Error(message), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
}

function read(field: 'ca' | 'cert' | 'key' | 'crl', file: string | undefined): Record<string, string> {
  if (!file) return {};
  try {
    return { [field]: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new Failure(
      'config',
      `The file ${file}, named in the database URL, cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}
