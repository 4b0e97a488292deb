import { askRefund, intendRefund, settleRefund } from '../../billing/refund.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount } from '../readers.ts';
import { customerOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices refund 7E0D7F8A-0001 --amount 10.00 --reason "outage" --yes', 'a part'],
    ['subctl invoices refund 7E0D7F8A-0001 --dry-run', 'what would be given back'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'What a provider took, the provider is asked to give back; what came by hand goes back by hand, ' +
      'and is noted here. The invoice stays paid, and the subscription goes on: to end it, too, cancel ' +
      'it. With --reference the same refund again changes nothing.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption)
  .option('--amount <amount>', 'how much (all that is left)', amount({ min: 0 }))
  .option('--reference <text>', 'what names this refund (the payment’s and a number)');

/** Gives money back, after a question: the intention is committed, the provider is asked, and its answer is written. */
export async function run(
  context: Context,
  number: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const asked = { number, ...options };
  await context.confirm(
    `Give back ${options.amount ?? 'all that is left'} of what was paid for invoice ${number}?`,
  );
  const request = { action: 'invoices refund', asked };
  if (context.dryRun) {
    return changeOutcome(
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
  return { ...changeOutcome(context, done), ...(answer.status === 'failed' && { exit: 'refused' as const }) };
}
