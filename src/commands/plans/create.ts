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
    [
      'subctl plans create guest --price 1mo=0 --credits 10 --rank 0 --dry-run',
      'preview a plan without creating it',
    ],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A standard meter that a limit names is created (subctl meters list --all). A plan sold by the ' +
      'month and by the year counts limits and credits per period by the month.\n\nWithout a plan, on a ' +
      'terminal, the command asks for the plan, its prices, limits and credits.',
  )
  .argument('[plan]', 'id: lowercase letters, digits, dashes')
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

/** Creates a plan. Without a plan id on a terminal, asks for the plan first. */
export async function run(
  context: Context,
  plan: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { plan, ...options };
  if (plan !== undefined) return create(context, { ...input, plan });
  readPlanEdit(input); // reject invalid options before the first question
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
