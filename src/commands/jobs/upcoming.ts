import { getCustomerId } from '../../tasks/get-customer-id.ts';
import { listUpcoming } from '../../tasks/list-upcoming.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { upcoming } from './spec.ts';

const columns = [
  { key: 'at' },
  { key: 'customer' },
  { key: 'task' },
  { key: 'action' },
  { key: 'reason', optional: true },
  { key: 'subject', hidden: true },
];

/** Shows what the tasks will do for customers, the soonest first. */
export async function run(context: Context, input: InputOf<typeof upcoming>): Promise<Outcome> {
  const { within = 7 * 86_400, customer, count } = input;
  const db = await context.database();
  if (customer !== undefined) await getCustomerId(db, customer);
  const until = new Date((await context.now()).getTime() + within * 1_000);
  const rows = await listUpcoming(db, { until, customer, count });
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    empty: `Nothing is due until ${until.toISOString()}.`,
  };
}
