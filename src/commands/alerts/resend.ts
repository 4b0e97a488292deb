import { resendNotification } from '../../notifications/resend.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl alerts resend ann 0193a7e4-1111-7000-8000-000000000000', 'sent by the next send-alerts'],
    [
      'subctl alerts resend ann 0193a7e4-1111-7000-8000-000000000000 --dry-run',
      'check whether it can be resent',
    ],
    [
      'subctl alerts resend --operator 0193a7e4-1111-7000-8000-000000000000 --dry-run',
      'a notification to the operator',
    ],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the customer; omit with --operator')
  .argument('[id]', 'id of the notification, from alerts outbox --json')
  .option('--operator', 'a notification to the operator, without a customer', false);

/** Queues a notification again. */
export async function run(
  context: Context,
  first: string,
  second: string | undefined,
  { operator }: Options<typeof command>,
): Promise<Outcome> {
  const { customer, id } = notificationAsked(first, second, operator);
  await write(context, { action: 'alerts resend', asked: { customer, id } }, async (tx, change) => {
    await resendNotification(tx, change, { customer, id });
    return {};
  });
  return {
    record: { customer, id, state: 'waiting', dry_run: context.dryRun },
    notes: context.dryRun ? [] : ['The next subctl send-alerts sends it'],
  };
}

/** The customer ('' for the operator) and the id of the notification. @throws Failure usage for a missing or extra argument */
function notificationAsked(
  first: string,
  id: string | undefined,
  operator: boolean,
): { customer: string; id: string } {
  if (operator && id === undefined) return { customer: '', id: first };
  if (!operator && id !== undefined) return { customer: first, id };
  throw new Failure(
    'usage',
    operator ? 'A notification to the operator has no customer' : 'The id of the notification is missing',
    {
      hint: 'subctl alerts resend CUSTOMER ID, or subctl alerts resend --operator ID',
    },
  );
}
