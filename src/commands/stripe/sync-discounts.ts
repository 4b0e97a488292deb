import { doDiscountSteps, listDiscountSteps } from '../../stripe-sync/discount-steps.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { refusedSteps } from './refused-steps.ts';

/** Shows what differs between the codes and Stripe, and does it unless it is a dry run. Nothing is written here: codes are found again. */
export async function syncDiscounts(context: Context): Promise<RowsOutcome> {
  const account = await context.stripe();
  const steps = await listDiscountSteps(await context.database(), account, await context.now());
  const done = context.dryRun ? [] : await doDiscountSteps(account, steps);
  const mode = account.live ? 'the live mode' : 'the test mode';
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
    title: context.dryRun ? `What differs in ${mode} of Stripe` : `Done in ${mode} of Stripe`,
    empty: `Stripe has every code: nothing to do in ${mode}`,
  };
}
