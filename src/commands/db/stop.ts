import { stopServer } from '../../database/embedded/stop.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { findEmbeddedPaths } from './embedded.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db stop', 'stop it, unless it is stopped'],
    ['subctl db stop --quiet', 'the same without output'],
  ],
  rows: true,
  needs: 'database',
}).description(
  'Open transactions are rolled back and committed data is written to disk. The next command that ' +
    'needs the database starts it again.',
);

/** Stops the embedded database. A stopped server is not an error. */
export async function run(context: Context): Promise<Outcome> {
  const { place } = await findEmbeddedPaths(context);
  const stopped = await stopServer(place);
  return {
    record: { stopped, home: place.home },
    sections: [{ entries: [[`Embedded database ${stopped ? 'stopped' : 'was not running'}`, place.home]] }],
  };
}
