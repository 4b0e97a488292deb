import { findDatabase } from '../../database/connect.ts';
import { formatDatabaseUrl } from '../../database/url.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db url', 'which database this is'],
    ['subctl db url --show-password', 'a URL for another program'],
  ],
  rows: true,
  needs: 'database',
})
  .description(
    'The embedded database is started if need be, so that the URL works at once. The password is ' +
      'hidden unless asked for. The embedded database listens on a socket and on no port: its folder is ' +
      'in host=, which overrides the dot before it. Drivers without sockets, such as JDBC, cannot use ' +
      'it.',
  )
  .option('--show-password', 'with the password', false);

/** Prints a URL that works, with the password only on demand. */
export async function run(context: Context, { showPassword }: Options<typeof command>): Promise<Outcome> {
  const { database } = await context.settings();
  const address = await findDatabase(database);
  const url = showPassword && database.url ? database.url : formatDatabaseUrl(address, { showPassword });
  return { text: `${url}\n`, json: { url }, secret: showPassword };
}
