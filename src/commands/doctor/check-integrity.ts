import { runChecks } from '../../integrity/run-checks.ts';
import { repairDerived } from '../../integrity/repair.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Line, linesOfIntegrity, linesOfRepair } from './lines.ts';

/** Runs the integrity checks in one snapshot of the database. */
export async function checkIntegrity(context: Context): Promise<Line[]> {
  const [connection, now] = [await context.database(), await context.now()];
  return withProgress(context, async (progress) =>
    linesOfIntegrity(
      await inTransaction(connection, (tx) => runChecks(tx, { now, progress }), { readOnly: true }),
    ),
  );
}

/** Repairs derived data under one change; --dry-run rolls it back. */
export async function repair(context: Context): Promise<Line[]> {
  await context.confirm('Rebuild derived data that disagrees with its sources?');
  return withProgress(context, async (progress) => {
    const done = await write(context, { action: 'doctor repair', asked: {} }, (tx, change) =>
      repairDerived(tx, change, { progress }),
    );
    for (const { repair: name, rows } of done.repairs)
      context.note(
        `${context.dryRun ? 'Would repair' : 'Repaired'} ${rows} ${rows === 1 ? 'row' : 'rows'}: ${name}`,
      );
    return linesOfRepair(done, context.dryRun);
  });
}

async function withProgress<T>(
  context: Context,
  work: (progress: (check: string) => void) => Promise<T>,
): Promise<T> {
  const progress = context.progress('Checking integrity');
  let made = 0;
  try {
    return await work((check) => progress.update((made += 1), `Checking integrity (${check})`));
  } finally {
    progress.stop();
  }
}
