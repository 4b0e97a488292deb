import { addMeter } from '../../catalog/add-meter.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl meters add calls.cohere', 'a standard meter for another provider'],
    ['subctl meters add pages --kind page --unit page --dry-run', 'preview a custom meter'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'An event counts on every meter that matches its kind, provider, model and tier. All plans count ' +
      'on the new meter from now on. It refuses no usage until a plan limits it. The id of a standard ' +
      'meter (calls.gemini, messages) needs no options.',
  )
  .argument('<meter>', 'id: lowercase letters, digits, dots, dashes')
  .option('--name <text>', 'display name', text({ max: 500 }))
  .option('--kind <kind>', 'kind of event to count (default: any)', many(text()), [])
  .option('--provider <name>', 'provider to count (default: any)', many(text()), [])
  .option('--model <name>', 'model to count (default: any)', many(text()), [])
  .addOption(
    new Option('--tier <tier>', 'count only free or only paid models (default: both)').choices([
      'free',
      'paid',
    ]),
  )
  .addOption(
    new Option('--field <field>', 'field of the event to count (default: quantity)').choices([
      'quantity',
      'tokens',
      'input',
      'output',
      'cost',
      'bytes',
      'characters',
      'pages',
      'seconds',
    ]),
  )
  .addOption(
    new Option('--aggregation <word>', 'sum the field, or count events (default: sum)').choices([
      'sum',
      'count',
    ]),
  )
  .option('--unit <text>', 'unit of the meter: message, token …');

/** Adds a meter. */
export async function run(
  context: Context,
  meter: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { kind, provider, model, ...facts } = options;
  const some = (list: string[]) => (list.length === 0 ? undefined : list);
  const asked = { id: meter, kinds: some(kind), providers: some(provider), models: some(model), ...facts };
  const { id, ...added } = await write(context, { action: 'meters add', asked }, (tx, change) =>
    addMeter(tx, change, asked),
  );
  return { record: { meter: id, ...added, dry_run: context.dryRun } };
}
