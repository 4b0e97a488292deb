import { setModel } from '../../catalog/set-model.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { amount, many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ["subctl models set openrouter '*:free' --tier free", 'free models of a provider'],
    ['subctl models set openai gpt-4o --multiplier 1.5 --dry-run', 'tokens that count one and a half times'],
  ],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('A pattern has * for any letters. Usage that is recorded already stays as it is.')
  .argument('<provider>', 'provider as usage names it')
  .argument('<pattern>', 'name of the model, * for any letters')
  .addOption(new Option('--tier <tier>', 'which allowance they use').choices(['free', 'paid']))
  .option('--multiplier <number>', 'what their tokens are multiplied with', amount({ min: 0 }))
  .option('--alias <name>', 'another name of the model; replaces those it had', many(text()), []);

/** Says something of models. */
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
