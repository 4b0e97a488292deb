import { chargeIntended, intendChargeNow } from '../../billing/charge-now.ts';
import type { ChargeOutcome } from '../../payments/gateway.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { customerOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices charge 7E0D7F8A-0001', 'charge the saved payment method'],
    ['subctl invoices charge 7E0D7F8A-0001 --dry-run', 'preview the amount'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Charges the invoice regardless of its schedule: after a permanent decline, before the next ' +
      'retry, or when it is paid by hand. The attempt is stored before Stripe is called, and an ' +
      'attempt in progress is resumed, so that no customer is charged twice. The exit code is 4 for a ' +
      'declined payment, and 7 when the customer must act or the bank takes days.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption);

const exits: Partial<Record<ChargeOutcome['status'], 'refused' | 'incomplete'>> = {
  declined: 'refused',
  canceled: 'refused',
  requires_action: 'incomplete',
  processing: 'incomplete',
};

/** Charges an invoice now: the attempt is committed, the provider is called, and its answer is written. */
export async function run(
  context: Context,
  number: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { customer } = options;
  const request = { action: 'invoices charge', asked: { number, customer } };
  const { change, ...intended } = await write(context, request, async (tx, change) => {
    const intended = await intendChargeNow(tx, change, { number, customer, provider: 'stripe' });
    // without a Stripe key no charge is possible: fail before an attempt is written that would block `pay` and `void`
    await context.gateway();
    return { ...intended, change };
  });
  if (context.dryRun) {
    const { total, currency, status, customer: whose } = intended.invoice;
    const facts = { invoice: intended.invoice.number, customer: whose, status, total, currency };
    return changeOutcome(context, {
      ...facts,
      sentence: `${total} ${currency} would be charged to ${whose}`,
    });
  }
  const done = await chargeIntended(await context.database(), intended, {
    change,
    gateway: await context.gateway(),
    later: () => context.nowAgain(),
  });
  const { outcome, ...said } = done;
  const exit = exits[outcome.status];
  return { ...changeOutcome(context, said), ...(exit && { exit }) };
}
