import { spawnSync } from 'node:child_process';
import type { Address } from '../../database/address.ts';
import { findDatabase } from '../../database/connect.ts';
import { parameters } from '../../database/parameters.ts';
import { Failure } from '../../domain/failure.ts';
import type { Environment } from '../../terminal/terminal.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { databaseShell } from './spec.ts';

/** Gives the terminal to psql until it ends. The password goes by the environment: arguments can be read by everyone. */
export async function run(context: Context, { psqlArguments }: InputOf<typeof databaseShell>): Promise<void> {
  const address = await findDatabase((await context.settings()).database);
  const env = psqlEnvironment(context.env, address);
  const { error, status, signal } = spawnSync('psql', psqlArguments, { env, stdio: 'inherit' });
  if (error) throw noPsql(error);
  if (status === 0) return;
  const how = status === null ? `was ended by ${signal}` : `ended with exit code ${status}`;
  throw new Failure(status === 2 ? 'unavailable' : 'refused', `psql ${how}`);
}

/** libpq's variables for `address`: what they said before is gone, or psql could go to another server. */
function psqlEnvironment(env: Environment, address: Address): Record<string, string> {
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

function noPsql(cause: Error): Failure {
  return new Failure('config', 'There is no psql on the PATH', {
    hint: 'install the PostgreSQL client, or give another one the URL of: subctl db url --show-password',
    cause,
  });
}
