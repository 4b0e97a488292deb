import { readFileSync } from 'node:fs';
import { Failure } from '../domain/failure.ts';
import type { Address } from './address.ts';

/**
 * What postgres.js needs for `sslmode`, as libpq means it: `prefer`, `allow` and `require` encrypt without proof of identity,
 * `verify-ca` asks for the chain of signatures, `verify-full` for the server's name too. Nothing is encrypted on a unix socket.
 * @throws Failure config when a file of keys cannot be read
 */
export function transportSecurity({ hosts, sslmode, tlsFiles }: Address) {
  if (sslmode === 'disable' || hosts.every((host) => host.startsWith('/'))) return false;
  const { sslrootcert, sslcert, sslkey } = tlsFiles;
  const tls = { ...read('ca', sslrootcert), ...read('cert', sslcert), ...read('key', sslkey) };
  if (sslmode === 'verify-full') return { ...tls, rejectUnauthorized: true };
  if (sslmode === 'verify-ca' || (sslmode === 'require' && 'ca' in tls)) {
    return { ...tls, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  }
  return Object.keys(tls).length > 0 ? { ...tls, rejectUnauthorized: false } : sslmode;
}

/** `sslrootcert=system` means the authorities that Node knows. */
function read(field: 'ca' | 'cert' | 'key', file: string | undefined): Record<string, string> {
  if (!file || file === 'system') return {};
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
