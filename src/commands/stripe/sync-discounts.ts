import { doDiscountSteps, listDiscountSteps } from '../../stripe-sync/discount-steps.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { refusedSteps } from './refused-steps.ts';

/** Lists the differences between the discount codes and Stripe, and applies them unless it is a dry run. Writes nothing to the database, since codes are matched by metadata. */
export async function syncDiscounts(context: Context): Promise<RowsOutcome> {
  const account = await context.stripe();
  const steps = await listDiscountSteps(await context.database(), account, await context.now());
  const done = context.dryRun ? [] : await doDiscountSteps(account, steps);
  const mode = account.live ? 'live mode' : 'test mode';
  return {
    columns: [
      { key: 'action' },
      { key: 'code' },
      { key: 'stripe_id', title: 'at Stripe' },
      { key: 'reason', optional: true },
    ],
    rows: steps.map(({ action, code, stripeId, reason }, at) => ({
      action,
      code,
      stripe_id: done[at]?.stripeId ?? (done[at]?.failed ? null : stripeId),
      reason: done[at]?.failed ? `failed: ${done[at].failed.message}` : reason,
    })),
    ...refusedSteps(
      steps.map(({ code }) => code),
      done,
    ),
    title: context.dryRun ? `Differences in Stripe ${mode}` : `Synced in Stripe ${mode}`,
    empty: `Stripe has every discount code in ${mode}`,
  };
}
