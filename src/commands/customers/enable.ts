import { setDisabled } from '../../customers/disable.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { enableCustomer } from './spec.ts';

/** Enables a customer. */
export async function run(
  context: Context,
  { customer: id }: InputOf<typeof enableCustomer>,
): Promise<Outcome> {
  const customer = await write(
    context,
    { action: 'customers enable', asked: { customer: id } },
    (tx, change) => setDisabled(tx, change, { id, disabled: false }),
  );
  return { record: describeCustomer(customer) };
}
