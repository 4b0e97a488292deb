import { payInvoice as pay } from '../../collection/pay-invoice.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { payInvoice } from './spec.ts';

/** Notes a payment that came by hand. */
export async function run(context: Context, input: InputOf<typeof payInvoice>): Promise<Outcome> {
  const { invoice: number, ...asked } = input;
  return say(
    context,
    await write(context, { action: 'invoices pay', asked: { number, ...asked } }, (tx, change) =>
      pay(tx, change, { number, ...asked }),
    ),
  );
}
