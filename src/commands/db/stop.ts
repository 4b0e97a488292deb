import { stopServer } from '../../database/embedded/stop.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { embeddedPlace } from './embedded.ts';

/** Stops the embedded database. One that is stopped already is no mistake. */
export async function run(context: Context): Promise<Outcome> {
  const { place } = await embeddedPlace(context);
  const stopped = await stopServer(place);
  return {
    record: { stopped, home: place.home },
    sections: [{ entries: [[`Embedded database ${stopped ? 'stopped' : 'was not running'}`, place.home]] }],
  };
}
