import type { Price } from '../../catalog/catalogue.ts';
import { editPlan } from '../../catalog/edit-plan.ts';
import { getPlan } from '../../catalog/find-plans.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { savedOutcome } from './saved.ts';
import { type Options, verb } from '../verb.ts';
import { many, text } from '../readers.ts';
import {
  alertAtOption,
  allowModelOption,
  autoRenewOption,
  creditsOption,
  defaultOption,
  descriptionOption,
  fallbackOption,
  featureOption,
  graceDaysOption,
  limitOption,
  maxUsersOption,
  nameOption,
  netDaysOption,
  perSeatOption,
  priceOption,
  prorationMeterOption,
  rankOption,
  rolloverMaxOption,
  stripePriceOption,
  trialDaysOption,
  usageOnChangeOption,
} from './options.ts';

export const command = verb({
  examples: [
    ['subctl plans edit pro --price 1mo=39.00 --dry-run', 'preview a new price'],
    ['subctl plans edit pro --rank 2 --fallback plan:free', 'set the rank and the fallback plan'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Name, rank, default and fallback change at once. A change of prices, limits, features or ' +
      'credits creates a new version. New subscribers get the new version; existing subscribers keep ' +
      'theirs.',
  )
  .argument('<plan>', 'id of the plan')
  .addOption(nameOption)
  .addOption(descriptionOption)
  .addOption(rankOption)
  .addOption(priceOption)
  .addOption(stripePriceOption)
  .addOption(limitOption)
  .addOption(creditsOption)
  .addOption(rolloverMaxOption)
  .addOption(featureOption)
  .addOption(allowModelOption)
  .addOption(maxUsersOption)
  .addOption(perSeatOption)
  .addOption(trialDaysOption)
  .addOption(graceDaysOption)
  .addOption(netDaysOption)
  .addOption(autoRenewOption)
  .addOption(usageOnChangeOption)
  .addOption(prorationMeterOption)
  .addOption(alertAtOption)
  .addOption(defaultOption)
  .addOption(fallbackOption)
  .option('--unset-price <every>', 'remove a price: 1y', many(text()), [])
  .option(
    '--unset-limit <meter/window>',
    'remove a limit: messages/day, or messages for all of its windows',
    many(text()),
    [],
  )
  .option('--unset-feature <name>', 'remove a feature', many(text()), []);

/** Edits a plan, in place or as a new version. */
export async function run(
  context: Context,
  id: string,
  { ...words }: Options<typeof command>,
): Promise<Outcome> {
  const edit = readPlanEdit(words);
  const prices = edit.prices ?? [];
  const { saved, before } = await write(
    context,
    { action: 'plans edit', asked: { plan: id, ...edit } },
    async (tx, change) => ({
      before: prices.length > 0 ? (await getPlan(tx, id)).version.prices : [],
      saved: await editPlan(tx, change, { id, edit }),
    }),
  );
  const outcome = savedOutcome(saved, { dryRun: context.dryRun, prices });
  return { ...outcome, notes: [...(outcome.notes ?? []), ...newCurrencyNotes(before, prices)] };
}

/** A note for each price in a currency that is new to the plan: often the currency was forgotten. */
function newCurrencyNotes(before: readonly Price[], given: readonly Price[]): string[] {
  const known = [...new Set(before.map(({ currency }) => currency))];
  if (known.length === 0) return [];
  return given
    .filter(({ currency, amount }) => amount !== null && !known.includes(currency))
    .map(
      ({ interval, currency, amount }) =>
        `The price per ${interval} is in ${currency}, but the plan has prices only in ${known.join(', ')}. For ${known[0]} use --price ${interval}=${amount}${known[0]}`,
    );
}
