import { move, type Moved } from '../../backup/move.ts';
import type { Target } from '../../backup/target.ts';
import type { Examination } from '../../backup/prove-restored.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { countProgress, notesOn } from './archive-words.ts';
import { checksOf, describeBooks } from './describe-books.ts';
import { examineTarget, openOther, thisProgram } from './restore-into.ts';
import type { moveDatabase } from './spec.ts';

/** Moves the configured database to another place and says what to set. */
export async function run(
  context: Context,
  { to, yes, doctor }: InputOf<typeof moveDatabase>,
): Promise<Outcome> {
  const from = await context.database();
  if (!yes) await confirm(context, to);
  const target = await openOther(context, to, '--to');
  let isDone = false;
  try {
    const { progress, stop } = countProgress(context, 'Moving, rows');
    const request = { from, to: target.connection, toName: target.name, program: thisProgram(), progress };
    const moved = await move(request).finally(stop);
    isDone = true;
    return describe(moved, target, doctor ? await examineTarget(context, target.connection) : undefined);
  } finally {
    await target.close(isDone);
  }
}

async function confirm(context: Context, to: string): Promise<void> {
  const prompts = await context.prompts('Give --yes to do it without being asked');
  if (await prompts.confirm(`Move the database to ${to}? Applications that write wait meanwhile`)) return;
  throw new Failure('interrupted', 'Not confirmed: nothing was changed');
}

function describe(moved: Moved, { name, setting }: Target, examined: Examination | undefined): Outcome {
  const { rows, tables, kept, missing } = moved;
  const entries = [
    ['Moved', `${rows} rows of ${tables.length} tables; counts and checksums agree`],
    ['To', name],
    ['Set now', `${setting}, wherever the old one is set`],
    ['Old place', `schema ${kept} has it all; drop it when you no longer want it`],
    ['Books', describeBooks(examined)],
  ] as const;
  return {
    record: { to: name, setting, rows, tables, kept, missing, ...examined },
    sections: [{ entries }],
    notes: [...notesOn(moved), ...checksOf(examined)],
    ...(examined && examined.books.length > 0 ? { exit: 'refused' as const } : {}),
  };
}
