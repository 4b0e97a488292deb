import { listVersionChanges } from '../../catalog/version-changes.ts';
import {
  type Migrated,
  type MigratedPage,
  listStrangers,
  migrateSubscribers,
} from '../../subscriptions/migrate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Tally, migratePage } from './migrate-page.ts';
import type { migratePlan } from './migrate-spec.ts';
import { readCustomers } from './read-customers.ts';

const batchSize = 100;

/** Moves subscribers batch by batch, and says who, when and who not; exit code 7 when some were left. */
export async function run(context: Context, input: InputOf<typeof migratePlan>): Promise<Outcome> {
  const { plan, when, to, from, limit = Infinity } = input;
  const customers = await readCustomers(context, input.fromFile);
  const db = await context.database();
  const changes = await listVersionChanges(db, plan, to);
  const tally: Tally = { migrated: 0, scheduled: 0, skipped: 0, rows: [] };
  if (customers) for (const row of await listStrangers(db, { plan, customers })) count(tally, row, true);
  const progress = context.progress('subscribers');
  const asked = { plan, when, to, from, from_file: input.fromFile, limit: input.limit };
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
