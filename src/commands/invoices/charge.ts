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
    ['subctl invoices charge 7E0D7F8A-0001', 'try now'],
    ['subctl invoices charge 7E0D7F8A-0001 --dry-run', 'how much it would be'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Whenever it would have been charged: after a card was declined for good, before its next try, or ' +
      'one that was sent to be paid by hand. The attempt is written down before Stripe is asked, and ' +
      'one that is under way is taken up, so that no customer is charged twice. Declined is exit code 4; ' +
      'where the customer must act, or the bank takes days, 7.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption);

const exits: Partial<Record<ChargeOutcome['status'], 'refused' | 'incomplete'>> = {
  declined: 'refused',
  canceled: 'refused',
  requires_action: 'incomplete',
  processing: 'incomplete',
};

/** Charges an invoice now: the attempt is committed, the provider is asked, and its answer is written. */
export async function run(
  context: Context,
  number: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { customer } = options;
  const request = { action: 'invoices charge', asked: { number, customer } };
  const { change, ...intended } = await write(context, request, async (tx, change) => {
    const intended = await intendChargeNow(tx, change, { number, customer, provider: 'stripe' });
    // without a key nobody can be asked: then no attempt is written, for which `pay` and `void` would wait
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
