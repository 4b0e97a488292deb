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
    ['subctl invoices refund 7E0D7F8A-0001 --amount 10.00 --reason "outage" --yes', 'a partial refund'],
    ['subctl invoices refund 7E0D7F8A-0001 --dry-run', 'preview the refund'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A payment by a provider is refunded through the provider. For a manual payment, return the ' +
      'money yourself; the refund is recorded here. The invoice stays paid and the subscription ' +
      'continues; cancel it separately. Repeating a refund with the same --reference changes nothing.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption)
  .option('--amount <amount>', 'amount to refund (default: all that is left)', amount({ min: 0 }))
  .option('--reference <text>', 'unique reference of the refund (default: that of the payment and a number)');

/** Refunds an invoice after confirmation: the intent is committed, the provider is called, and its answer is written. */
export async function run(
  context: Context,
  number: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const asked = { number, ...options };
  await context.confirm(
    `Refund ${options.amount ?? 'all that is left'} of the payment for invoice ${number}?`,
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
    if (refund.charge !== null) await context.gateway(); // fail early without a Stripe key
    return { refund, change, changed: !refund.replayed || refund.status !== 'refunded' };
  });
  const answer = await askRefund(() => context.gateway(), refund);
  const connection = await context.database();
  const done = await inTransaction(connection, (tx) => settleRefund(tx, change, { refund, answer }));
  return { ...changeOutcome(context, done), ...(answer.status === 'failed' && { exit: 'refused' as const }) };
}
