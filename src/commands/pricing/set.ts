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
      'price per million tokens for a model family',
    ],
    [
      'subctl pricing set gemini gemini-9-pro input_tokens 1.25 --above 200000=2.50 --json',
      'a tiered price for large prompts',
    ],
  ],
  exits: [4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Prices are added, never edited. Another amount from the same time on is a new revision. In a ' +
      'model name * matches anything; the most specific name wins, and `default` comes last. Recorded ' +
      'events keep their cost until: subctl pricing rerate.',
  )
  .argument('<provider>', 'provider name as in usage events')
  .argument('<model>', 'model, a pattern such as gpt-4o*, or default')
  .argument('<component>', 'priced component: input_tokens, output_tokens, request, image, second …')
  .argument('<amount>', 'price in the cost currency', amount({ min: 0 }))
  .option('--per <number>', 'units per price (default: 1000000 for tokens, else 1)', amount({ min: 0 }))
  .option('--from <time>', 'start of the price (default: now)', instant)
  .option('--above <tokens=amount>', 'price for prompts with strictly more tokens', many(text()), [])
  .option('--source <name>', 'source of the price (default: manual)');

/** Adds a price and prints the previous one. */
export async function run(
  context: Context,
  ...[provider, model, part, amount, options]: Input<typeof command>
): Promise<Outcome> {
  const { from, source = 'manual', above } = options;
  const component = parseComponent(part, 'There is no component');
  const isToken = component.endsWith('_tokens');
  const per = options.per ?? (isToken ? '1000000' : '1');
  if (/^[0.]+$/.test(per))
    throw new Failure('usage', 'A price per 0 units is not valid', { hint: 'Give --per 1 or more' });
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
        ? 'Recorded events keep their cost. To update them: subctl pricing rerate'
        : 'The price is already set: nothing was changed',
    ],
  };
}
