import { readFields } from '../../customers/customer-fields.ts';
import { editCustomer as edit } from '../../customers/edit.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { textOf } from './fields.ts';
import type { editCustomer } from './spec.ts';

/** Changes the fields that were given, and takes those of --clear away. */
export async function run(context: Context, input: InputOf<typeof editCustomer>): Promise<Outcome> {
  const { customer: id, timezone, currency, clear } = input;
  const fields = readFields(textOf(input, clear));
  const asked = { customer: id, timezone, currency, clear };
  const { customer, changed } = await write(context, { action: 'customers edit', asked }, (tx, change) =>
    edit(tx, change, { ...fields, id }),
  );
  if (!changed) context.note(`Nothing to do: ${id} is so already`);
  return { record: describeCustomer(customer) };
}
