import { askRefund, intendRefund, settleRefund } from '../../collection/refund.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { refundInvoice } from './spec.ts';

/** Gives money back, after a question: the intention is committed, the provider is asked, and its answer is written. */
export async function run(context: Context, input: InputOf<typeof refundInvoice>): Promise<Outcome> {
  const { invoice: number, ...rest } = input;
  const asked = { number, ...rest };
  await context.confirm(
    `Give back ${input.amount ?? 'all that is left'} of what was paid for invoice ${number}?`,
  );
  const request = { action: 'invoices refund', asked };
  if (context.dryRun) {
    return say(
      context,
      await write(context, request, async (tx, change) =>
        settleRefund(tx, change, {
          refund: await intendRefund(tx, change, asked),
          answer: { status: 'refunded' },
        }),
      ),
    );
  }
  const { refund, change } = await write(context, request, async (tx, change) => {
    const refund = await intendRefund(tx, change, asked);
    if (refund.charge !== null) await context.gateway(); // without a key nothing is begun
    return { refund, change, changed: !refund.replayed || refund.status !== 'refunded' };
  });
  const answer = await askRefund(() => context.gateway(), refund);
  const connection = await context.database();
  const done = await inTransaction(connection, (tx) => settleRefund(tx, change, { refund, answer }));
  return { ...say(context, done), ...(answer.status === 'failed' && { exit: 'refused' as const }) };
}
