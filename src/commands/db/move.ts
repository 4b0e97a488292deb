import { move, type Moved } from '../../backup/move.ts';
import type { Target } from '../../backup/target.ts';
import type { Examination } from '../../backup/check-restored.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { countProgress, notesOn } from './archive-words.ts';
import { checksOf, describeIntegrity } from './describe-integrity.ts';
import { examineTarget, openOther, thisProgram } from './restore-into.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl db move --to postgres://subctl@db.example.org/app',
      'to a server; its password is in PGPASSWORD',
    ],
    ['subctl db move --to /srv/subctl --yes', 'into an embedded database'],
  ],
  exits: [4, 8],
  rows: true,
  needs: 'schema',
})
  .description(
    "Copies subctl's schema from the configured database to the one of --to, which must not have one, " +
      'compares counts and checksums of both, and says what to change in the settings. It goes from the ' +
      'embedded database to a server, back, or to a new major version of PostgreSQL.\n\n' +
      'Nothing is written meanwhile: the command is refused while a task or a daemon is at work, and an ' +
      'application that writes waits until the end. Then the old schema is renamed, so that nothing is ' +
      'written there by mistake. Drop it when you no longer want it.',
  )
  .requiredOption(
    '--to <database>',
    'the URL of a database (without its password), or a new folder for an embedded one',
  )
  .option('-y, --yes', 'do not ask', false)
  .option('--no-doctor', 'do not check integrity afterwards');

/** Moves the configured database to another place and says what to set. */
export async function run(context: Context, { to, yes, doctor }: Options<typeof command>): Promise<Outcome> {
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
    ['Integrity', describeIntegrity(examined)],
  ] as const;
  return {
    record: { to: name, setting, rows, tables, kept, missing, ...examined },
    sections: [{ entries }],
    notes: [...notesOn(moved), ...checksOf(examined)],
    ...(examined && examined.books.length > 0 ? { exit: 'refused' as const } : {}),
  };
}
