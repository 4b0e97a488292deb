import { pidOf } from '../../database/embedded/postmaster.ts';
import { startServer } from '../../database/embedded/start.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { findEmbeddedPaths } from './embedded.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl db start', 'start it; nothing happens when it runs already'],
    ['subctl db start --json', 'say what was done, for a program'],
  ],
  rows: true,
  needs: 'database',
}).description(
  'The embedded database is a PostgreSQL that subctl runs for itself when there is no DATABASE_URL. ' +
    'It is left running between commands, and each command that needs it starts it.\n\n' +
    'Under systemd a server belongs to the unit whose command started it, and ends with it. Give it a ' +
    'unit of its own (Type=oneshot, RemainAfterExit=yes, ExecStart=subctl db start, ExecStop=subctl ' +
    'db stop) and let the others require that.',
);

/** Starts the embedded database, making it first where there is none, and says which of the two it did. */
export async function run(context: Context): Promise<Outcome> {
  const { place, account } = await findEmbeddedPaths(context);
  const { created, started } = await startServer(place, { mayCreate: true, account });
  const found = started ? 'started' : 'running already';
  const done = created ? 'made and started' : found;
  return {
    record: { created, started, home: place.home, pid: pidOf(place) ?? null },
    sections: [{ entries: [[`Embedded database ${done}`, place.home]] }],
  };
}
