import { pidOf } from '../../database/embedded/postmaster.ts';
import { startServer } from '../../database/embedded/start.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { embeddedPlace } from './embedded.ts';

/** Starts the embedded database, making it first where there is none, and says which of the two it did. */
export async function run(context: Context): Promise<Outcome> {
  const { place, account } = await embeddedPlace(context);
  const { created, started } = await startServer(place, { mayCreate: true, account });
  const done = created ? 'made and started' : started ? 'started' : 'running already';
  return {
    record: { created, started, home: place.home, pid: pidOf(place) ?? null },
    sections: [{ entries: [[`Embedded database ${done}`, place.home]] }],
  };
}
