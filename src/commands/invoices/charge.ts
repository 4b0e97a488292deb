import { chargeIntended, intendChargeNow } from '../../collection/charge-now.ts';
import type { ChargeOutcome } from '../../payments/gateway.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { chargeInvoice } from './spec.ts';

const exits: Partial<Record<ChargeOutcome['status'], 'refused' | 'incomplete'>> = {
  declined: 'refused',
  canceled: 'refused',
  requires_action: 'incomplete',
  processing: 'incomplete',
};

/** Charges an invoice now: the attempt is committed, the provider is asked, and its answer is written. */
export async function run(context: Context, input: InputOf<typeof chargeInvoice>): Promise<Outcome> {
  const { invoice: number, customer } = input;
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
    return say(context, { ...facts, sentence: `${total} ${currency} would be charged to ${whose}` });
  }
  const done = await chargeIntended(await context.database(), intended, {
    change,
    gateway: await context.gateway(),
    later: () => context.nowAgain(),
  });
  const { outcome, ...said } = done;
  const exit = exits[outcome.status];
  return { ...say(context, said), ...(exit && { exit }) };
}
