import { describeStatus } from '../../subscriptions/describe-status.ts';
import { getStatus } from '../../subscriptions/status.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { statusSections } from './status-sections.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl customers show ann', 'the status of ann'],
    ['subctl customers show ann --as-of 2026-03-01 --json', 'the status on 1 March'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  parts: ['limits'],
})
  .description(
    'The status is computed from dates, as of now or --as-of. It is correct even if no task has run.',
  )
  .argument('<customer>', 'id of the customer');

/** Prints the status of a customer. */
export async function run(context: Context, customer: string): Promise<RecordOutcome> {
  const status = await getStatus(await context.database(), customer, await context.now());
  return {
    record: describeStatus(status),
    title: customer,
    sections: statusSections(status),
    timezone: status.effective.timezone,
  };
}
