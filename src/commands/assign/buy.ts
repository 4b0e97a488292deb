import type { Assignment } from '../../subscriptions/assignment.ts';
import type { Assigned } from '../../subscriptions/assigned.ts';
import type { ChargeOutcome } from '../../payments/gateway.ts';
import { placeOrder, readOrder } from '../../billing/order.ts';
import { chargeOrder } from '../../billing/charge-order.ts';
import { Failure } from '../../domain/failure.ts';
import { closeBeforeCharge } from '../../stripe-sync/one-purchase.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

/**
 * Assigns a plan. With collection by charge the payment comes first: the order is committed, the provider is called, and its answer is
 * written. A declined payment is refused and changes nothing (R33). A payment that needs the customer or days at a bank is incomplete, and
 * the plan starts when it succeeds.
 */
export async function buy(context: Context, asked: Assignment, action = 'assign'): Promise<Assigned> {
  const { customer, plan, ...terms } = asked;
  const request = { action, asked: { customer, plan, ...terms } };
  if (!context.dryRun) await closeBeforeCharge(context, asked);
  const { assigned, payment, change } = await write(context, request, async (tx, change) => {
    const order = await placeOrder(tx, change, { asked, provider: 'stripe' });
    // without a Stripe key no charge is possible: fail before an order is written that would stay pending
    if (order.payment !== undefined) await context.gateway();
    return { ...order, change, changed: order.payment !== undefined || order.assigned.changed };
  });
  if (payment === undefined || context.dryRun) return assigned;
  const connection = await context.database();
  const { outcome, givenBack } = await chargeOrder(connection, {
    ...{ customer, payment, change },
    gateway: await context.gateway(),
    later: () => context.nowAgain(),
  });
  if (givenBack !== undefined) {
    throw new Failure(
      'conflict',
      `The subscription of ${customer} changed during the payment, and the payment is refunded: ${givenBack}`,
      { hint: 'Check the subscription, then try again' },
    );
  }
  if (outcome.status !== 'paid') throw refusal(outcome, asked);
  return readOrder(connection, { assigned, payment });
}

function refusal(outcome: ChargeOutcome, { customer, plan }: Assignment): Failure {
  if (outcome.status === 'declined' || outcome.status === 'canceled' || outcome.status === 'paid') {
    const declined = outcome.status === 'declined' ? outcome : undefined;
    return new Failure(
      'refused',
      `The payment for ${plan} failed, and the subscription of ${customer} is unchanged: ${declined?.message ?? 'the payment was canceled'}`,
      {
        hint: `Change the payment method: subctl stripe portal ${customer}`,
        ...(declined && { details: { decline: declined.decline, code: declined.code } }),
      },
    );
  }
  const url = outcome.status === 'requires_action' ? outcome.url : undefined;
  const words =
    outcome.status === 'processing'
      ? 'is processing'
      : `requires action by ${customer}${url ? ` at ${url}` : ''}`;
  return new Failure('incomplete', `The payment for ${plan} ${words}; the plan starts when it succeeds`, {
    hint: `Check again: subctl handle-renewals --customer ${customer}`,
    details: { status: outcome.status, url: url ?? null },
  });
}
