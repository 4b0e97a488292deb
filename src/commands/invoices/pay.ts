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
    ['subctl invoices pay 7E0D7F8A-0001 --reference BANK-2291', 'record a bank transfer'],
    [
      'subctl invoices pay 7E0D7F8A-0001 --reference BANK-2291 --amount 39.00 --dry-run',
      'preview, and check that the total is 39.00',
    ],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'One payment covers the whole invoice. The reference identifies the payment among all payments ' +
      'of its provider. Repeating it changes nothing, and using it for another payment is refused. A ' +
      'subscription that is past due because of this invoice becomes active now. A subscription that ' +
      'has ended stays ended: assign the plan again.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption)
  .requiredOption('--reference <text>', 'unique reference of the payment, such as a bank statement line')
  .option('--provider <name>', 'source of the payment, such as bank, cash or paypal', 'manual')
  .option('--amount <amount>', 'amount received; must equal the total', amount({ min: 0 }))
  .option('--at <time>', 'time of the payment (default: now)', instant);

/** Records a manual payment. */
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
