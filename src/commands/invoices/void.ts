import { voidInvoice as takeBack } from '../../billing/void-invoice.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { customerOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices void 7E0D7F8A-0001 --reason "wrong plan" --yes', 'without a confirmation prompt'],
    ['subctl invoices void 7E0D7F8A-0001 --dry-run', 'preview the change'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Nothing is due on a void invoice. A subscription that is past due only because of it becomes ' +
      'active again. The number stays used. A paid invoice can only be refunded.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption);

/** Voids an invoice after confirmation. */
export async function run(
  context: Context,
  number: string,
  { customer }: Options<typeof command>,
): Promise<Outcome> {
  await context.confirm(`Void invoice ${number}? This cannot be undone`);
  const asked = { number, customer };
  return changeOutcome(
    context,
    await write(context, { action: 'invoices void', asked }, (tx, change) => takeBack(tx, change, asked)),
  );
}
