import { pidOf } from '../../database/embedded/postmaster.ts';
import { startServer } from '../../database/embedded/start.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { findEmbeddedPaths } from './embedded.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db start', 'start it, unless it is running'],
    ['subctl db start --json', 'the same as JSON'],
  ],
  rows: true,
  needs: 'database',
}).description(
  'Without DATABASE_URL, subctl runs its own PostgreSQL: the embedded database. It keeps running ' +
    'between commands, and each command that needs it starts it.\n\n' +
    'Under systemd a server belongs to the unit whose command started it, and stops with it. Create ' +
    'a unit for it (Type=oneshot, RemainAfterExit=yes, ExecStart=subctl db start, ExecStop=subctl db ' +
    'stop) and let the others require it.',
);

/** Starts the embedded database, creates it if needed, and prints which of the two it did. */
export async function run(context: Context): Promise<Outcome> {
  const { place, account } = await findEmbeddedPaths(context);
  const { created, started } = await startServer(place, { mayCreate: true, account });
  const found = started ? 'started' : 'already running';
  const done = created ? 'created and started' : found;
  return {
    record: { created, started, home: place.home, pid: pidOf(place) ?? null },
    sections: [{ entries: [[`Embedded database ${done}`, place.home]] }],
  };
}
