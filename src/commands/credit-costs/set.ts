import { setCreditCost } from '../../catalog/set-credit-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { amount, or } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl credit-costs set image 1', 'an image costs one credit'],
    ['subctl credit-costs set lora_training 40 --new-kind --dry-run', 'a new usage kind'],
    [
      'subctl credit-costs set backup none --new-kind --cost none --dry-run',
      'a usage kind that costs nothing',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<kind>', 'usage kind, such as image')
  .argument(
    '<amount>',
    'credits per use, above 0 and at most 1000, such as 0.03',
    or(amount({ min: 0 }), 'none'),
  )
  .option('--plan <plan>', 'only on this plan (default: every plan)')
  .option('--new-kind', 'create the kind if it does not exist', false)
  .addOption(
    new Option('--cost <cost>', 'provider cost on every plan: by the price list (priced) or none').choices([
      'priced',
      'none',
    ]),
  );

/** Sets or removes a credit cost. */
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
