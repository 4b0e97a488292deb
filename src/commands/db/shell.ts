import { spawnSync } from 'node:child_process';
import { findDatabase } from '../../database/connect.ts';
import { libpqEnvironment } from '../../database/libpq-environment.ts';
import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db shell', 'an interactive session'],
    ["subctl db shell -- -c 'select count(*) from subctl.customers'", 'run one statement'],
  ],
  exits: [4],
  needs: 'database',
})
  .description('Requires psql 12 or later on the PATH. Arguments after -- are passed to psql.')
  .argument('[psql-arguments...]', 'options for psql, after --');

/** Runs psql on the terminal until it ends. The password is passed in the environment, because other users can read arguments. */
export async function run(context: Context, psqlArguments: string[]): Promise<void> {
  const address = await findDatabase((await context.settings()).database);
  const env = libpqEnvironment(context.env, address);
  const { error, status, signal } = spawnSync('psql', psqlArguments, { env, stdio: 'inherit' });
  if (error) throw noPsql(error);
  if (status === 0) return;
  const how = status === null ? `was ended by ${signal}` : `ended with exit code ${status}`;
  throw new Failure(status === 2 ? 'unavailable' : 'refused', `psql ${how}`);
}

function noPsql(cause: Error): Failure {
  return new Failure('config', 'There is no psql on the PATH', {
    hint: 'install the PostgreSQL client, or use another client with the URL of: subctl db url --show-password',
    cause,
  });
}
