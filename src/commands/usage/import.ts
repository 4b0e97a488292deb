import type { Outcome } from '../../terminal/outcome.ts';
import { openRejects } from '../../terminal/rejects.ts';
import { type ImportedUsage, importUsage as take } from '../../usage/import.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import type { Specs } from './spec.ts';

/** Records the uses of a file and says how many; exit code 7 when some were left out or have no known price. */
export async function run(
  context: Context,
  { file, rejects: rejectsFile }: InputOf<Specs['import']>,
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
