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
    const { recorded = 0, read = 0 } = sofar ?? {};
    if (!context.dryRun && (sofar ?? context.signal.aborted))
      context.note(
        `${recorded} of the first ${read} rows were recorded. Give the file again: nothing counts twice`,
      );
    throw error;
  } finally {
    progress.stop();
    await rejects.abandon();
  }
}
