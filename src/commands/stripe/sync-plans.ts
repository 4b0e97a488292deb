import { listPlanSteps } from '../../stripe-sync/plan-steps.ts';
import type { StepDone } from '../../stripe-sync/do-steps.ts';
import { doPlanSteps, linkedPrices, nameOfPrice, writeLinkedPrices } from '../../stripe-sync/sync-plans.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { refusedSteps } from './refused-steps.ts';
import { type Options, verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';

export const command = verb({
  examples: [
    ['subctl stripe sync plans --dry-run', 'preview the differences'],
    ['subctl stripe sync plans', 'sync products and prices'],
    ['subctl stripe sync discounts', 'sync discount codes'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Creates a product for each active plan, and a price for each price above zero of its current ' +
      'version. Both are matched by lookup key. Stripe prices are immutable: a changed amount in a new ' +
      'plan version becomes a new Stripe price. Existing subscribers keep the old price; it is ' +
      'archived for new ones.\n\ndiscounts creates a coupon and a promotion code for each usable ' +
      'discount code, matched by metadata. Stripe counts redemptions itself, starting from the ' +
      'remaining uses.\n\nThe API key is read from STRIPE_SECRET_KEY, or from the file named by ' +
      'STRIPE_SECRET_KEY_FILE.',
  )
  .addArgument(
    new Argument('[what]', 'what to sync (default: plans); discounts syncs codes to promotion codes').choices(
      ['plans', 'discounts'],
    ),
  )
  .option('--plan <plan>', 'only this plan');

/** Lists the differences between the plans and Stripe, and applies them unless it is a dry run. */
export async function run(
  context: Context,
  what: 'plans' | 'discounts' | undefined,
  { plan }: Options<typeof command>,
): Promise<RowsOutcome> {
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
  const mode = account.live ? 'live mode' : 'test mode';
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
    title: context.dryRun ? `Differences in Stripe ${mode}` : `Synced in Stripe ${mode}`,
    empty: `Stripe is up to date in ${mode}`,
  };
}
