import { findDatabase } from '../../database/connect.ts';
import { formatDatabaseUrl } from '../../database/url.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db url', 'the URL, without the password'],
    ['subctl db url --show-password', 'a URL for another program'],
  ],
  rows: true,
  needs: 'database',
})
  .description(
    'Starts the embedded database if needed, so that the URL works at once. The password is hidden ' +
      'unless --show-password is given. The embedded database listens only on a Unix socket: host= ' +
      'names its folder and overrides the dot before it. Drivers without socket support, such as JDBC, ' +
      'cannot use it.',
  )
  .option('--show-password', 'include the password', false);

/** Prints a working URL, with the password only on request. */
export async function run(context: Context, { showPassword }: Options<typeof command>): Promise<Outcome> {
  const { database } = await context.settings();
  const address = await findDatabase(database);
  const url = showPassword && database.url ? database.url : formatDatabaseUrl(address, { showPassword });
  return { text: `${url}\n`, json: { url }, secret: showPassword };
}
