import { listVersionChanges } from '../../catalog/version-changes.ts';
import {
  type Migrated,
  type MigratedPage,
  listNonSubscribers,
  migrateSubscribers,
} from '../../subscriptions/migrate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Tally, migratePage } from './migrate-page.ts';
import { readCustomers } from './read-customers.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { integer, many } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl plans migrate pro --dry-run', 'who would be moved, and what changes for them'],
    ['subctl plans migrate pro --when period-end --from 1', 'those of version 1, when their period ends'],
    ['subctl plans migrate pro --to 1 --dry-run', 'who would go back to version 1, and what it would change'],
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Who is moved: all of older versions, or with --to all that have another one; --from and ' +
      '--from-file choose among them. With --to an older version they go back to it.\n\n' +
      'Now: the period and what was used go on, nothing is charged, and the new price holds from the ' +
      'next period. Trials, and with --when period-end all, change at the end of their period, from ' +
      'which coming periods are then counted. Those who cannot be moved (paused, past due, another ' +
      'change waiting, too many members) are named with the reason and stay as they are (exit code 7).\n\n' +
      'It works in batches, each a change of its own. Cut off, it is given again and goes on with those ' +
      'who are left. A dry run shows who and what changes.',
  )
  .argument('<plan>', 'id of the plan')
  .addOption(
    new Option('--when <when>', 'when the version changes (now)')
      .choices(['now', 'period-end'])
      .default('now'),
  )
  .option(
    '--from <version>',
    'only subscribers of this version; may be given several times',
    many(integer({ min: 1 })),
    [],
  )
  .option('--to <version>', 'the version to have (the current one)', integer({ min: 1 }))
  .option(
    '--from-file <file>',
    'only the customers of a CSV file with a column customer; - is standard input',
  )
  .option('--limit <number>', 'at most so many customers, the others another time', integer({ min: 1 }));

const batchSize = 100;

/** Moves subscribers batch by batch, and says who, when and who not; exit code 7 when some were left. */
export async function run(
  context: Context,
  plan: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { when, to, from, limit = Infinity } = options;
  const customers = await readCustomers(context, options.fromFile);
  const db = await context.database();
  const changes = await listVersionChanges(db, plan, to);
  const tally: Tally = { migrated: 0, scheduled: 0, skipped: 0, rows: [] };
  if (customers) for (const row of await listNonSubscribers(db, { plan, customers })) count(tally, row, true);
  const progress = context.progress('subscribers');
  const asked = { plan, when, to, from, from_file: options.fromFile, limit: options.limit };
  try {
    for (let after = '', left = limit; left > 0;) {
      context.signal.throwIfAborted();
      const page = { plan, when, to, from, customers, after, limit: Math.min(batchSize, left) };
      const { rows, last } = await write<MigratedPage & { changed: boolean }>(
        context,
        { action: 'plans migrate', asked },
        async (tx, change) => {
          const moved = await migrateSubscribers(tx, change, page);
          return { ...moved, changed: moved.rows.some(({ action }) => action !== 'skipped') };
        },
      );
      if (last === null) break;
      for (const row of rows) count(tally, row, context.dryRun || context.verbose);
      after = last;
      left -= rows.length;
      progress.update(tally.migrated + tally.scheduled + tally.skipped);
    }
  } finally {
    progress.stop();
  }
  return migratePage(tally, { plan, changes, dryRun: context.dryRun });
}

/** The rows of those who were moved are shown where they were asked for; of a great many the first thousand. */
function count(tally: Tally, row: Migrated, all: boolean): void {
  tally[row.action]++;
  if ((all || row.action === 'skipped') && tally.rows.length < 1000) tally.rows.push(row);
}
