import { setModel } from '../../catalog/set-model.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { setModel as spec } from './spec.ts';

/** Says something of models. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { provider, pattern, tier, multiplier, alias } = input;
  const wish = {
    provider,
    pattern,
    multiplier,
    freeTier: tier === undefined ? undefined : tier === 'free',
    aliases: alias.length === 0 ? undefined : alias,
  };
  const { freeTier, ...model } = await write(context, { action: 'models set', asked: wish }, (tx, change) =>
    setModel(tx, change, wish),
  );
  return { record: { ...model, tier: freeTier ? 'free' : 'paid', dry_run: context.dryRun } };
}
