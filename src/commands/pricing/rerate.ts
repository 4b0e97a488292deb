import { Failure } from '../../domain/failure.ts';
import { previewRerate, rerateUsage } from '../../pricing/rerate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl pricing rerate --dry-run', 'preview old and new totals'],
    [
      "subctl pricing rerate --all --provider gemini --from 2026-01-01 --reason 'wrong list' --yes",
      'rerate a provider whose prices were wrong since January',
    ],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Rerates events without a price. With --all it also rerates events whose list price has changed ' +
      'since. Cost windows are updated; a closed window gets an adjustment. A cost given with the ' +
      'event is kept. The command can be interrupted and run again.',
  )
  .option('--all', 'also events that already have a list price; needs --from', false)
  .option('--customer <id>', 'only this customer')
  .option('--provider <name>', 'only this provider')
  .option('--model <name>', 'only this model')
  .option('--from <time>', 'events from this time on (default: all)', instant)
  .option('--to <time>', 'events before this time', instant);

/** Rerates usage events and prints their cost before and after. */
export async function run(context: Context, { all, ...input }: Options<typeof command>): Promise<Outcome> {
  if (all && !input.from)
    throw new Failure('usage', '--all without --from would rerate every event ever recorded', {
      hint: 'Give the time since which prices were wrong: --from 2026-01-01',
    });
  const db = await context.database();
  const request = { ...input, priced: all };
  const found = await previewRerate(db, request);
  if (all && found.events > 0)
    await context.confirm(
      `Change the cost of ${found.events} events from ${found.before} to ${found.after}?`,
    );
  const asked = { all, ...input };
  const change = {
    now: await context.now(),
    actor: await context.actor(),
    reason: context.reason,
    action: 'pricing rerate',
    asked,
  };
  const progress = context.progress('customers rerated', found.customers);
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
        empty: 'No price changed.',
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
    notes: context.dryRun && done.events > 0 ? ['Dry run: nothing was changed'] : [],
  };
}
