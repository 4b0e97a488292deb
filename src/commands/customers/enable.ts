import { setDisabled } from '../../customers/disable.ts';
import { describeCustomer } from '../../customers/find-customer.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl customers enable ann', 'restore access'],
    ['subctl customers enable ann --json', 'the same as JSON'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
}).argument('<customer>', 'id of the customer');

/** Enables a customer. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const customer = await write(
    context,
    { action: 'customers enable', asked: { customer: id } },
    (tx, change) => setDisabled(tx, change, { id, disabled: false }),
  );
  return { record: describeCustomer(customer) };
}
