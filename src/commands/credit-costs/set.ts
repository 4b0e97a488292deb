import { setCreditCost } from '../../catalog/set-credit-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { setCreditCost as spec } from './spec.ts';

/** Sets a credit cost, or takes it away. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { kind, amount, plan, newKind, cost } = input;
  const wish = { kind, amount: amount === 'none' ? null : amount, plan: plan ?? null, newKind, cost };
  const { isNewKind, ...done } = await write(
    context,
    { action: 'credit-costs set', asked: wish },
    (tx, change) => setCreditCost(tx, change, wish),
  );
  return { record: { ...done, new_kind: isNewKind, dry_run: context.dryRun } };
}
