import { describeStatus } from '../../subscriptions/describe-status.ts';
import { getStatus } from '../../subscriptions/status.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { showCustomer } from './spec.ts';
import { statusSections } from './status-sections.ts';

/** Prints all there is to see of a customer. */
export async function run(
  context: Context,
  { customer }: InputOf<typeof showCustomer>,
): Promise<RecordOutcome> {
  const status = await getStatus(await context.database(), customer, await context.now());
  return {
    record: describeStatus(status),
    title: customer,
    sections: statusSections(status),
    timezone: status.effective.timezone,
  };
}
