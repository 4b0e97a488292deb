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
    ['subctl stripe sync plans --dry-run', 'what differs, before anything is done'],
    ['subctl stripe sync plans', 'do it'],
    ['subctl stripe sync discounts', 'the codes, too'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A product for each active plan, a price for each price above zero of its current version, found ' +
      'again by lookup key. A price never changes at Stripe: another amount is a new version of the ' +
      'plan with a new price; the old one stays for those who have it, and is sold no more. With ' +
      'discounts, a coupon and a promotion code for each code that may be used, found again by its ' +
      'metadata; Stripe counts its uses by itself, from those that were left. With --dry-run it shows ' +
      'what differs.\n\n' +
      'The key of the account comes from STRIPE_SECRET_KEY or the file that STRIPE_SECRET_KEY_FILE ' +
      'names.',
  )
  .addArgument(
    new Argument(
      '[what]',
      'plans (unless said), or discounts: the codes as promotion codes of Stripe’s',
    ).choices(['plans', 'discounts']),
  )
  .option('--plan <plan>', 'only this plan');

/** Shows what differs between the plans and Stripe, and does it unless it is a dry run. */
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
