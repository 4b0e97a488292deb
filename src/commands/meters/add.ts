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
    ['subctl meters add pages --kind page --unit page --dry-run', 'show a meter of your own'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'An event counts on every meter that it fits: its kind, provider, model and tier. Every plan ' +
      'counts on the new meter from now on; it blocks no use until a plan limits it. The id of a ' +
      'standard meter (calls.gemini, messages) needs no options.',
  )
  .argument('<meter>', 'its id: small letters, digits, dots, dashes')
  .option('--name <text>', 'name for people', text({ max: 500 }))
  .option('--kind <kind>', 'kind that counts (any)', many(text()), [])
  .option('--provider <name>', 'provider that counts (any)', many(text()), [])
  .option('--model <name>', 'model that counts (any)', many(text()), [])
  .addOption(new Option('--tier <tier>', 'only free or only paid models (both)').choices(['free', 'paid']))
  .addOption(
    new Option('--field <field>', 'what of an event counts (quantity)').choices([
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
    new Option('--aggregation <word>', 'add the field up, or count events (sum)').choices(['sum', 'count']),
  )
  .option('--unit <text>', 'what one is: message, token');

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
