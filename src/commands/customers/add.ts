import { addCustomer as add } from '../../customers/add.ts';
import { readFields } from '../../customers/customer-fields.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { textOf } from './fields.ts';
import type { addCustomer } from './spec.ts';

/** Adds one customer. */
export async function run(context: Context, input: InputOf<typeof addCustomer>): Promise<Outcome> {
  const { customer: id, kind, timezone, currency } = input;
  const fields = readFields({ ...textOf(input), kind });
  const asked = { customer: id, kind, timezone, currency };
  const added = await write(context, { action: 'customers add', asked }, (tx, change) =>
    add(tx, change, { id, ...fields }),
  );
  context.note(`${id} ${context.dryRun ? 'would be' : 'is'} a customer now`);
  return { record: describeCustomer(added) };
}
