import { createPlan } from '../../catalog/create-plan.ts';
import { describeRow, describeVersion } from '../../catalog/describe-plan.ts';
import { getPlan } from '../../catalog/find-plans.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { agree, askFor } from '../ask.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { savedOutcome } from './saved.ts';
import { type Options, verb } from '../verb.ts';
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
    ['subctl plans create team --price 1mo=49.00 --limit messages/day=500', 'a price and a limit'],
    ['subctl plans create guest --price 1mo=0 --credits 10 --rank 0 --dry-run', 'show it, do not make it'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Meters that a limit names are made when they are standard ones (subctl meters list --all). Where ' +
      'a plan is sold by the month and by the year, limits and credits per period are counted by the ' +
      'month.\n\n' +
      'Without a plan, on a terminal, it asks for the plan, its prices, limits and credits.',
  )
  .argument('[plan]', 'its slug: small letters, digits, dashes')
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
  .addOption(fallbackOption);

type Input = { plan: string | undefined } & Options<typeof command>;

/** Adds a plan, or asks what it shall be. */
export async function run(
  context: Context,
  plan: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { plan, ...options };
  if (plan !== undefined) return create(context, { ...input, plan });
  readPlanEdit(input); // what is not understood is refused before anything is asked
  const prompts = await askFor(context, 'plan', 'subctl plans create PLAN --price 1mo=9.00');
  const { askPlan } = await import('./ask.ts');
  return agree(context, await askPlan(context, prompts, input), create);
}

async function create(context: Context, { plan: id, ...words }: Input & { plan: string }): Promise<Outcome> {
  const edit = readPlanEdit(words);
  const asked = { plan: id, ...edit };
  const { saved, plan } = await write(context, { action: 'plans create', asked }, async (tx, change) => ({
    saved: await createPlan(tx, change, { id, edit }),
    plan: await getPlan(tx, id),
  }));
  const entries = Object.entries({ ...describeRow(plan), ...describeVersion(plan.version) });
  return savedOutcome(saved, { dryRun: context.dryRun, prices: edit.prices ?? [], contents: entries });
}
