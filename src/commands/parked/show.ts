import { getParked } from '../../tasks/list-parked.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { showParked } from './spec.ts';

/** Shows one parked row. */
export async function run(context: Context, input: InputOf<typeof showParked>): Promise<Outcome> {
  return { record: { ...(await getParked(await context.database(), input)) } };
}
