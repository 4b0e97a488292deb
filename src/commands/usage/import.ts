import type { Outcome } from '../../terminal/outcome.ts';
import { openRejects } from '../../terminal/rejects.ts';
import { type ImportedUsage, importUsage as take } from '../../usage/import.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl usage import uses.csv --rejects left-out.csv', 'import a CSV file and save rejected rows'],
    ['subctl usage import uses.ndjson.gz --dry-run', 'preview an import'],
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'CSV with a heading line, or NDJSON, optionally gzipped. The columns are the options of usage ' +
      'record; customer and kind are required in every row.\n\nA row with a time and without a key gets ' +
      'a key from its content: it counts once, also in a repeated import. A row without time and key ' +
      'is a new event in every import. Only an interrupted import continues where it stopped.\n\nA late ' +
      'row takes credits only from grants that were valid at its time, including credits that expired ' +
      'unused since.\n\nInvalid and refused rows are listed with their line; the other rows are imported ' +
      '(exit code 7).',
  )
  .argument('<file>', 'file, or - for standard input')
  .option('--rejects <file>', 'write rejected rows to this CSV file, to correct and import again');

/** Imports usage events from a file and prints the counts. Exit code 7 if rows were rejected or have no price. */
export async function run(
  context: Context,
  file: string,
  { rejects: rejectsFile }: Options<typeof command>,
): Promise<Outcome> {
  const connection = await context.database();
  const rejects = await openRejects(rejectsFile, context);
  const progress = context.progress('events read');
  let sofar: ImportedUsage | undefined;
  try {
    const done = await take(connection, {
      input: openInput(context, file),
      now: await context.now(),
      dryRun: context.dryRun,
      onReject: rejects.add,
      onProgress(done) {
        sofar = done;
        progress.update(done.read);
      },
    });
    progress.stop();
    await rejects.close();
    const incomplete = done.rejected > 0 || done.unpriced > 0;
    return {
      record: { ...done, dry_run: context.dryRun },
      ...(incomplete && { exit: 'incomplete' as const }),
    };
  } catch (error) {
    progress.stop();
    if (!context.dryRun && (sofar ?? context.signal.aborted)) context.note(tellRecorded(sofar));
    throw error;
  } finally {
    progress.stop();
    await rejects.abandon();
  }
}

/** The progress of an interrupted import. */
function tellRecorded({ read, recorded, replayed }: ImportedUsage = nothing): string {
  const before = replayed > 0 ? `, ${replayed} of them by an earlier run` : '';
  return `${recorded + replayed} of the first ${read} rows are recorded${before}. Import the file again: nothing counts twice`;
}

const nothing: ImportedUsage = { read: 0, recorded: 0, replayed: 0, unpriced: 0, rejected: 0 };
