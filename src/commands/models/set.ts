import { setModel } from '../../catalog/set-model.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { amount, many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ["subctl models set openrouter '*:free' --tier free", 'the free models of a provider'],
    ['subctl models set openai gpt-4o --multiplier 1.5 --dry-run', 'count tokens one and a half times'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('The change applies to new usage events. Recorded events are not changed.')
  .argument('<provider>', 'provider name as in usage events')
  .argument('<pattern>', 'model name; * matches any characters')
  .addOption(new Option('--tier <tier>', 'which allowance the model uses').choices(['free', 'paid']))
  .option('--multiplier <number>', 'token multiplier', amount({ min: 0 }))
  .option('--alias <name>', 'alias of the model; replaces the present aliases', many(text()), []);

/** Configures the models that match a pattern. */
export async function run(
  context: Context,
  provider: string,
  pattern: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { tier, multiplier, alias } = options;
  const asked = {
    provider,
    pattern,
    multiplier,
    freeTier: tier === undefined ? undefined : tier === 'free',
    aliases: alias.length === 0 ? undefined : alias,
  };
  const { freeTier, ...model } = await write(context, { action: 'models set', asked }, (tx, change) =>
    setModel(tx, change, asked),
  );
  return { record: { ...model, tier: freeTier ? 'free' : 'paid', dry_run: context.dryRun } };
}
