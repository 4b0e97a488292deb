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
 * Assigns a plan. Where it is charged the money comes first: the order is committed, the provider is asked, and what it says is written.
 * Declined is refused, and everything is as it was (R33); a customer who must act, or a bank that takes days, is incomplete, and the plan
 * begins when the money is there.
 */
export async function buy(context: Context, asked: Assignment, action = 'assign'): Promise<Assigned> {
  const { customer, plan, ...terms } = asked;
  const request = { action, asked: { customer, plan, ...terms } };
  if (!context.dryRun) await closeBeforeCharge(context, asked);
  const { assigned, payment, change } = await write(context, request, async (tx, change) => {
    const order = await placeOrder(tx, change, { asked, provider: 'stripe' });
    // without a key nobody can be asked: then nothing is written that would wait for an answer
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
      `The subscription of ${customer} changed while it was paid for, and the money is given back: ${givenBack}`,
      { hint: 'Look at it, then try again' },
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
      `The payment for ${plan} did not go through, and ${customer} has what it had: ${declined?.message ?? 'it was given up'}`,
      {
        hint: `Another way to pay: subctl stripe portal ${customer}`,
        ...(declined && { details: { decline: declined.decline, code: declined.code } }),
      },
    );
  }
  const url = outcome.status === 'requires_action' ? outcome.url : undefined;
  const words =
    outcome.status === 'processing' ? 'is on its way' : `waits for ${customer}${url ? ` at ${url}` : ''}`;
  return new Failure('incomplete', `The payment for ${plan} ${words}; the plan begins when it is there`, {
    hint: `To ask again: subctl handle-renewals --customer ${customer}`,
    details: { status: outcome.status, url: url ?? null },
  });
}
