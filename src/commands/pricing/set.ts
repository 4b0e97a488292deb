import { Failure } from '../../domain/failure.ts';
import { parseComponent } from '../../pricing/components.ts';
import { parseTiers } from '../../pricing/parse-tiers.ts';
import { setPrice } from '../../pricing/set-price.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { setPricing as spec } from './spec.ts';

/** Adds a price and says what it was before. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { provider, model, amount, from, source = 'manual', above } = input;
  const component = parseComponent(input.component, 'There is no component');
  const isToken = component.endsWith('_tokens');
  const per = input.per ?? (isToken ? '1000000' : '1');
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
