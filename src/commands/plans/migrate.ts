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
    ['subctl plans migrate pro --dry-run', 'preview who is migrated and what changes'],
    [
      'subctl plans migrate pro --when period-end --from 1',
      'migrate subscribers of version 1 at the end of their period',
    ],
    ['subctl plans migrate pro --to 1 --dry-run', 'preview a migration back to version 1'],
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'By default all subscribers of older versions are migrated. With --to, all subscribers of any ' +
      'other version are migrated; an older version is allowed. --from and --from-file narrow the ' +
      'selection.\n\nWith --when now, the period and its usage continue, nothing is charged, and the new ' +
      'price applies from the next period. Trials change at the end of their period. With --when ' +
      'period-end every subscriber changes then, and later periods are counted from that time. ' +
      'Subscribers that cannot be migrated (paused, past due, pending change, too many members) are ' +
      'listed with the reason (exit code 7).\n\nThe command works in batches. Run it again after an ' +
      'interruption: it continues with the remaining subscribers.',
  )
  .argument('<plan>', 'id of the plan')
  .addOption(
    new Option('--when <when>', 'when the version changes').choices(['now', 'period-end']).default('now'),
  )
  .option('--from <version>', 'only subscribers of this version', many(integer({ min: 1 })), [])
  .option('--to <version>', 'target version (default: the current version)', integer({ min: 1 }))
  .option('--from-file <file>', 'only customers in a CSV file with a column customer; - is standard input')
  .option('--limit <number>', 'maximum number of customers in this run', integer({ min: 1 }));

const batchSize = 100;

/** Migrates subscribers in batches and lists each result. Exit code 7 if any subscriber was skipped. */
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

/** Counts a row. Skipped rows are always kept for the output, others only if `all`; at most 1000 rows. */
function count(tally: Tally, row: Migrated, all: boolean): void {
  tally[row.action]++;
  if ((all || row.action === 'skipped') && tally.rows.length < 1000) tally.rows.push(row);
}
