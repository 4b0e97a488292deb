import { voidInvoice as takeBack } from '../../billing/void-invoice.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { customerOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices void 7E0D7F8A-0001 --reason "wrong plan" --yes', 'without a question'],
    ['subctl invoices void 7E0D7F8A-0001 --dry-run', 'what it would do'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Nothing is owed on it any more, and a subscription that was past due for it alone is active ' +
      'again. Its number stays used. One that is paid can only be refunded.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption);

/** Takes an invoice back, after a question. */
export async function run(
  context: Context,
  number: string,
  { customer }: Options<typeof command>,
): Promise<Outcome> {
  await context.confirm(`Take invoice ${number} back? It cannot be opened again.`);
  const asked = { number, customer };
  return changeOutcome(
    context,
    await write(context, { action: 'invoices void', asked }, (tx, change) => takeBack(tx, change, asked)),
  );
}
