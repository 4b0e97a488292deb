import { voidInvoice as takeBack } from '../../collection/void-invoice.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import type { voidInvoice } from './spec.ts';

/** Takes an invoice back, after a question. */
export async function run(
  context: Context,
  { invoice: number, customer }: InputOf<typeof voidInvoice>,
): Promise<Outcome> {
  await context.confirm(`Take invoice ${number} back? It cannot be opened again.`);
  const asked = { number, customer };
  return say(
    context,
    await write(context, { action: 'invoices void', asked }, (tx, change) => takeBack(tx, change, asked)),
  );
}
