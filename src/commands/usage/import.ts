import type { Outcome } from '../../terminal/outcome.ts';
import { openRejects } from '../../terminal/rejects.ts';
import { type ImportedUsage, importUsage as take } from '../../usage/import.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl usage import uses.csv --rejects left-out.csv',
      'a CSV; what is left out can be mended and given again',
    ],
    ['subctl usage import uses.ndjson.gz --dry-run', 'only say what would happen'],
  ],
  exits: [3, 7],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'CSV with a line of headings, or NDJSON, gzipped or not; - is standard input. The columns are the ' +
      'options of usage record, with customer and kind in every row.\n\n' +
      'A row with a time and no key gets a key from its content: given again it is not counted again, ' +
      'and the same row twice counts once. A row without time and key is a use of its own each time ' +
      'that its file is imported; only an import that broke off goes on where it was.\n\n' +
      'A late row takes credits only of grants that lived at its own time, also of what expired unused ' +
      'since; what was given after it stays.\n\n' +
      'Rows that are refused or cannot be read are named with their line and do not stop the others (exit code 7).',
  )
  .argument('<file>', 'the file, or - for standard input')
  .option(
    '--rejects <file>',
    'write rejected rows here as CSV, with line and reason; give it again when mended',
  );

/** Records the uses of a file and says how many; exit code 7 when some were left out or have no known price. */
export async function run(
  context: Context,
  file: string,
  { rejects: rejectsFile }: Options<typeof command>,
): Promise<Outcome> {
  const connection = await context.database();
  const rejects = await openRejects(rejectsFile, context);
  const progress = context.progress('uses read');
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

/** How far an import came that broke off. */
function tellRecorded({ read, recorded, replayed }: ImportedUsage = nothing): string {
  const before = replayed > 0 ? `, ${replayed} of them by an earlier run` : '';
  return `${recorded + replayed} of the first ${read} rows are recorded${before}. Give the file again: nothing counts twice`;
}

const nothing: ImportedUsage = { read: 0, recorded: 0, replayed: 0, unpriced: 0, rejected: 0 };
