import { setDisabled } from '../../customers/disable.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl customers disable ann --reason "abuse"', 'no usage is allowed from now on'],
    ['subctl customers disable ann --dry-run', 'preview the change'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
}).argument('<customer>', 'id of the customer');

/** Disables a customer. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const customer = await write(
    context,
    { action: 'customers disable', asked: { customer: id } },
    (tx, change) => setDisabled(tx, change, { id, disabled: true }),
  );
  return { record: describeCustomer(customer) };
}
