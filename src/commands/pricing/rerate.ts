import { Failure } from '../../domain/failure.ts';
import { previewRerate, rerateUsage } from '../../pricing/rerate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl pricing rerate --dry-run', 'what it would change, old and new totals'],
    [
      "subctl pricing rerate --all --provider gemini --from 2026-01-01 --reason 'wrong list' --yes",
      'a provider whose list was wrong since January',
    ],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Those without a price, and with --all also those that the list prices otherwise by now. Windows ' +
      'of cost follow, closed ones by an adjustment; a cost that came with the use stays. May be ' +
      'stopped and run again.',
  )
  .option('--all', 'also uses that have a price from the list; needs --from', false)
  .option('--customer <id>', 'only of this customer')
  .option('--provider <name>', 'only of this provider')
  .option('--model <name>', 'only of this model')
  .option('--from <time>', 'uses from this time on (ever)', instant)
  .option('--to <time>', 'uses before this time', instant);

/** Rates uses again, and says what they cost before and after. */
export async function run(context: Context, { all, ...input }: Options<typeof command>): Promise<Outcome> {
  if (all && !input.from)
    throw new Failure('usage', '--all without --from would rate every use that there ever was', {
      hint: 'Say since when the prices were wrong: --from 2026-01-01',
    });
  const db = await context.database();
  const request = { ...input, priced: all };
  const found = await previewRerate(db, request);
  if (all && found.events > 0)
    await context.confirm(`Change the cost of ${found.events} uses from ${found.before} to ${found.after}?`);
  const asked = { all, ...input };
  const change = {
    now: await context.now(),
    actor: await context.actor(),
    reason: context.reason,
    action: 'pricing rerate',
    asked,
  };
  const progress = context.progress('customers rated', found.customers);
  const done = context.dryRun
    ? found
    : await rerateUsage(db, change, request, progress.update).finally(progress.stop);
  return {
    record: { ...done, dry_run: context.dryRun },
    sections: [
      {
        columns: [
          { key: 'provider' },
          { key: 'model' },
          { key: 'events', align: 'right' },
          { key: 'before', align: 'right' },
          { key: 'after', align: 'right' },
        ],
        rows: done.lines.map((line) => ({ ...line })),
        empty: 'Nothing has another price now.',
      },
      {
        entries: [
          ['events', done.events],
          ['customers', done.customers],
          ['cost before', done.before],
          ['cost after', done.after],
        ],
      },
    ],
    notes: context.dryRun && done.events > 0 ? ['Nothing was changed: --dry-run'] : [],
  };
}
