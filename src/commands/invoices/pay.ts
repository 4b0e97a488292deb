import { payInvoice as pay } from '../../billing/pay-invoice.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount, instant } from '../readers.ts';
import { customerOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices pay 7E0D7F8A-0001 --reference BANK-2291', 'the transfer has come'],
    [
      'subctl invoices pay 7E0D7F8A-0001 --reference BANK-2291 --amount 39.00 --dry-run',
      'what it would do, if it is 39.00',
    ],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'An invoice is paid whole, with one payment. The reference names that payment for ever, among all ' +
      'of its provider: the same again changes nothing, and the same for something else is refused. A ' +
      'subscription that was past due for this invoice is active again from now on. One that has ended ' +
      'stays ended: assign the plan again.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption)
  .requiredOption('--reference <text>', 'what names the payment: a line of the bank statement')
  .option('--provider <name>', 'where the money came: bank, cash, paypal (manual)', 'manual')
  .option('--amount <amount>', 'what came, to be compared with the total', amount({ min: 0 }))
  .option('--at <time>', 'when it came (now)', instant);

/** Notes a payment that came by hand. */
export async function run(
  context: Context,
  number: string,
  asked: Options<typeof command>,
): Promise<Outcome> {
  return changeOutcome(
    context,
    await write(context, { action: 'invoices pay', asked: { number, ...asked } }, (tx, change) =>
      pay(tx, change, { number, ...asked }),
    ),
  );
}
