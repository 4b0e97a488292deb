import { getCustomerId } from '../../tasks/get-customer-id.ts';
import { listUpcoming } from '../../tasks/list-upcoming.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { duration, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl jobs upcoming', 'the next seven days'],
    ['subctl jobs upcoming --within 36h --json', 'the next 36 hours, as JSON'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description(
    'Lists what the tasks will do, soonest first, including what is due already. It assumes that ' +
      'nothing else happens until then. Of several future periods it shows the first.',
  )
  .option('--within <time>', 'how far ahead (default: 7d)', duration)
  .option('--customer <customer>', 'only this customer')
  .option('--limit <number>', 'maximum number of rows', integer({ min: 1, max: 1_000_000 }), 1000);

const columns = [
  { key: 'at' },
  { key: 'customer' },
  { key: 'task' },
  { key: 'action' },
  { key: 'reason', optional: true },
  { key: 'subject', hidden: true },
];

/** Lists what the tasks will do for customers, soonest first. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const { within = 7 * 86_400, customer, limit } = input;
  const db = await context.database();
  if (customer !== undefined) await getCustomerId(db, customer);
  const until = new Date((await context.now()).getTime() + within * 1_000);
  const rows = await listUpcoming(db, { until, customer, count: limit });
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    empty: `Nothing is due until ${until.toISOString()}.`,
  };
}
