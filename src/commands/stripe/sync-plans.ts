import { listPlanSteps } from '../../mirror/plan-steps.ts';
import type { StepDone } from '../../mirror/do-steps.ts';
import { doPlanSteps, linkedPrices, nameOfPrice, writeLinkedPrices } from '../../mirror/sync-plans.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { refusedSteps } from './refused-steps.ts';
import type { syncPlans } from './spec.ts';

/** Shows what differs between the plans and Stripe, and does it unless it is a dry run. */
export async function run(context: Context, { what, plan }: InputOf<typeof syncPlans>): Promise<RowsOutcome> {
  if (what === 'discounts') return (await import('./sync-discounts.ts')).syncDiscounts(context);
  const connection = await context.database();
  const account = await context.stripe();
  const steps = await listPlanSteps(connection, account, plan);
  let done: StepDone[] = [];
  if (!context.dryRun && steps.length > 0) {
    const names = await connection<{ id: string; name: string; description: string | null }[]>`
      select id, name, description from subctl.plans`;
    const textsOf = (id: string) => names.find((each) => each.id === id) ?? { name: id, description: null };
    done = await doPlanSteps(account, steps, textsOf);
    const linked = linkedPrices(steps, done);
    await write(context, { action: 'stripe sync', asked: { plan } }, (tx, change) =>
      writeLinkedPrices(tx, change, linked).then(() => ({ changed: linked.length > 0 })),
    );
  } else done = steps.map(({ stripeId = null, refused: failed }) => ({ stripeId, failed }));
  const mode = account.live ? 'the live mode' : 'the test mode';
  return {
    columns: [
      { key: 'action' },
      { key: 'plan' },
      { key: 'every' },
      { key: 'amount', align: 'right' },
      { key: 'currency', title: '' },
      { key: 'stripe_id', title: 'at Stripe' },
      { key: 'reason', optional: true },
    ],
    rows: steps.map(({ action, plan: id, price, stripeId, reason, refused }, at) => ({
      action,
      plan: id,
      every: price?.every ?? null,
      amount: price?.amount ?? null,
      currency: price?.currency ?? null,
      stripe_id: done[at]?.stripeId ?? stripeId ?? null,
      reason: done[at]?.failed && !refused ? `failed: ${done[at].failed.message}` : reason,
    })),
    ...refusedSteps(
      steps.map(({ plan: id, price }) => (price ? nameOfPrice(id, price) : id)),
      done,
    ),
    title: context.dryRun ? `What differs in ${mode} of Stripe` : `Done in ${mode} of Stripe`,
    empty: `Stripe has everything: nothing to do in ${mode}`,
  };
}
