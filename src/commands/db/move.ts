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
      'to a server, with the password in PGPASSWORD',
    ],
    ['subctl db move --to /srv/subctl --yes', 'into an embedded database'],
  ],
  exits: [4, 8],
  rows: true,
  needs: 'schema',
})
  .description(
    "Copies subctl's schema from the configured database to the one of --to, which must not have it " +
      'yet. It compares counts and checksums, and prints the setting to change. Use it between the ' +
      'embedded database and a server, or for a new major version of PostgreSQL.\n\n' +
      'The command is refused while a task or a daemon is running, and applications that write are ' +
      'blocked until it ends. Then the old schema is renamed, so that nothing is written there by ' +
      'mistake. Drop it when you no longer need it.',
  )
  .requiredOption(
    '--to <database>',
    'URL of a database (without its password), or a new folder for an embedded one',
  )
  .option('-y, --yes', 'skip the confirmation prompt', false)
  .option('--no-doctor', 'skip the integrity checks afterwards');

/** Moves the configured database and prints the new setting. */
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
  const prompts = await context.prompts('Give --yes to skip this prompt');
  if (await prompts.confirm(`Move the database to ${to}? Applications that write are blocked until it ends`))
    return;
  throw new Failure('interrupted', 'Not confirmed: nothing was changed');
}

function describe(moved: Moved, { name, setting }: Target, examined: Examination | undefined): Outcome {
  const { rows, tables, kept, missing } = moved;
  const entries = [
    ['Moved', `${rows} rows of ${tables.length} tables; counts and checksums match`],
    ['To', name],
    ['New setting', `${setting}; replace the old one everywhere`],
    ['Old schema', `${kept} still has all rows; drop it when you no longer need it`],
    ['Integrity', describeIntegrity(examined)],
  ] as const;
  return {
    record: { to: name, setting, rows, tables, kept, missing, ...examined },
    sections: [{ entries }],
    notes: [...notesOn(moved), ...checksOf(examined)],
    ...(examined && examined.books.length > 0 ? { exit: 'refused' as const } : {}),
  };
}
