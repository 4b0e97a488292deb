import type { Address } from './address.ts';
import { parameters } from './parameters.ts';

/**
 * libpq's variables for `address`, over those of `env` that are not libpq's: what they said before is gone, or a client could go to
 * another server. The password is in the environment and in no argument, which everybody could read.
 */
export function libpqEnvironment(
  env: Record<string, string | undefined>,
  address: Address,
): Record<string, string> {
  const libpqs = new Set(Object.values(parameters).map(({ variable }) => variable));
  const { sslrootcert, sslcert, sslkey, sslcrl } = address.tlsFiles;
  const values: Record<string, string | undefined> = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !libpqs.has(name))),
    PGHOST: address.hosts.join(','),
    PGHOSTADDR: address.hostaddrs?.join(','),
    PGPORT: address.ports.join(','),
    PGDATABASE: address.database,
    PGUSER: address.user,
    PGPASSWORD: address.password,
    PGPASSFILE: address.passwords && address.passwordFile?.file,
    PGSSLMODE: address.sslmode,
    PGSSLROOTCERT: sslrootcert,
    PGSSLCERT: sslcert,
    PGSSLKEY: sslkey,
    PGSSLCRL: sslcrl,
    PGSSLSNI: address.hideName ? '0' : undefined,
    PGCHANNELBINDING: address.scramOnly ? 'require' : undefined,
    PGCONNECT_TIMEOUT: address.connectTimeoutSeconds?.toString(),
    PGTARGETSESSIONATTRS: address.targetSession,
    PGOPTIONS: address.options,
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
