import { prove } from '../../books/prove.ts';
import { repairBooks } from '../../books/repair.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Line, linesOfProofs, linesOfRepair } from './lines.ts';

/** Proves the books at one instant of the database: all statements see the same. */
export async function proveBooks(context: Context): Promise<Line[]> {
  const [connection, now] = [await context.database(), await context.now()];
  return withProgress(context, async (progress) =>
    linesOfProofs(await inTransaction(connection, (tx) => prove(tx, { now, progress }), { readOnly: true })),
  );
}

/** Repairs what can be derived, under one change; with --dry-run it is undone again. */
export async function repair(context: Context): Promise<Line[]> {
  await context.confirm('Build again what can be derived, where the books disagree?');
  return withProgress(context, async (progress) => {
    const done = await write(context, { action: 'doctor repair', asked: {} }, (tx, change) =>
      repairBooks(tx, change, { progress }),
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
  work: (progress: (proof: string) => void) => Promise<T>,
): Promise<T> {
  const progress = context.progress('Proving the books');
  let made = 0;
  try {
    return await work((proof) => progress.update((made += 1), `Proving the books (${proof})`));
  } finally {
    progress.stop();
  }
}
