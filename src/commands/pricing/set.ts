import { Failure } from '../../domain/failure.ts';
import { parseComponent } from '../../pricing/components.ts';
import { parseTiers } from '../../pricing/parse-tiers.ts';
import { setPrice } from '../../pricing/set-price.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Input, verb } from '../verb.ts';
import { amount, instant, many, text } from '../readers.ts';

export const command = verb({
  examples: [
    [
      "subctl pricing set openai 'gpt-5*' input_tokens 1.25 --from 2026-01-01 --reason 'price list of January'",
      'dollars for a million tokens of every model of a family',
    ],
    [
      'subctl pricing set gemini gemini-9-pro input_tokens 1.25 --above 200000=2.50 --json',
      'another price for large prompts',
    ],
  ],
  exits: [4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Prices are added, never edited: another amount from the same time on is a new revision. * in the ' +
      "model stands for anything; the most specific name wins, and the provider's `default` comes last. " +
      'Uses that were recorded keep their cost until pricing rerate.',
  )
  .argument('<provider>', 'provider as usage names it')
  .argument('<model>', 'model, a pattern such as gpt-4o*, or default')
  .argument('<component>', 'what is charged: input_tokens, output_tokens, request, image, second …')
  .argument('<amount>', 'in the cost currency', amount({ min: 0 }))
  .option('--per <number>', 'of how many (1000000 tokens, else 1)', amount({ min: 0 }))
  .option('--from <time>', 'holds from this time on (now)', instant)
  .option('--above <tokens=amount>', 'amount for prompts of strictly more tokens', many(text()), [])
  .option('--source <name>', 'where it comes from (manual)');

/** Adds a price and says what it was before. */
export async function run(
  context: Context,
  ...[provider, model, part, amount, options]: Input<typeof command>
): Promise<Outcome> {
  const { from, source = 'manual', above } = options;
  const component = parseComponent(part, 'There is no component');
  const isToken = component.endsWith('_tokens');
  const per = options.per ?? (isToken ? '1000000' : '1');
  if (/^[0.]+$/.test(per))
    throw new Failure('usage', 'A price per 0 is no price', { hint: 'Give --per 1 or more' });
  const row = {
    ...{ provider, model, component, amount, per, source },
    unit: isToken ? 'token' : component,
    tiers: parseTiers(above, per),
    effectiveFrom: from ?? (await context.now()),
  };
  const asked = { provider, model, component, amount, per, above, from, source };
  const { change } = await write(context, { action: 'pricing set', asked }, async (tx, open) => {
    const done = await setPrice(tx, open, row);
    return { change: done, changed: done !== undefined };
  });
  return {
    record: {
      ...{
        provider,
        model,
        component,
        amount,
        per,
        tiers: row.tiers,
        effective_from: row.effectiveFrom,
        source,
      },
      ...{ before: change?.before ?? null, changed: change !== undefined, dry_run: context.dryRun },
    },
    notes: [
      change
        ? 'Uses that were recorded keep their cost: subctl pricing rerate'
        : 'It stood so already: nothing was changed',
    ],
  };
}
