import { setCreditCost } from '../../catalog/set-credit-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { amount, or } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl credit-costs set image 1', 'an image costs a credit'],
    ['subctl credit-costs set lora_training 40 --new-kind --dry-run', 'a feature of your own'],
    [
      'subctl credit-costs set backup none --new-kind --cost none --dry-run',
      'a kind of use that costs nothing',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<kind>', 'kind of use, such as image')
  .argument(
    '<amount>',
    'credits above 0 and up to 1000, such as 0.03, or none for no cost',
    or(amount({ min: 0 }), 'none'),
  )
  .option('--plan <plan>', 'on this plan alone (every plan)')
  .option('--new-kind', 'make the kind when it is not known', false)
  .addOption(
    new Option(
      '--cost <cost>',
      'what its uses cost at a provider, on every plan: what the prices say, or nothing',
    ).choices(['priced', 'none']),
  );

/** Sets a credit cost, or takes it away. */
export async function run(
  context: Context,
  kind: string,
  amount: string | 'none',
  options: Options<typeof command>,
): Promise<Outcome> {
  const { plan, newKind, cost } = options;
  const asked = { kind, amount: amount === 'none' ? null : amount, plan: plan ?? null, newKind, cost };
  const { isNewKind, ...done } = await write(context, { action: 'credit-costs set', asked }, (tx, change) =>
    setCreditCost(tx, change, asked),
  );
  return { record: { ...done, new_kind: isNewKind, dry_run: context.dryRun } };
}
