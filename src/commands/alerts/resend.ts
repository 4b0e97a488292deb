import { resendNotice } from '../../alerts/resend.ts';
import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { OutboxSpecs } from './outbox-spec.ts';

/** Puts a notice among those that wait again. */
export async function run(context: Context, input: InputOf<OutboxSpecs['resend']>): Promise<Outcome> {
  const { customer, id } = noticeAsked(input);
  await write(context, { action: 'alerts resend', asked: { customer, id } }, async (tx, change) => {
    await resendNotice(tx, change, { customer, id });
    return {};
  });
  return {
    record: { customer, id, state: 'waiting', dry_run: context.dryRun },
    notes: context.dryRun ? [] : ['It goes out with the next subctl send-alerts'],
  };
}

/** Whose notice it is, '' for the operator's, and its id. @throws Failure usage where one of them is missing, or too much */
function noticeAsked({ customer: first, id, operator }: InputOf<OutboxSpecs['resend']>): {
  customer: string;
  id: string;
} {
  if (operator && id === undefined) return { customer: '', id: first };
  if (!operator && id !== undefined) return { customer: first, id };
  throw new Failure(
    'usage',
    operator ? 'A notice to the operator has no customer' : 'The id of the notice is missing',
    {
      hint: 'subctl alerts resend CUSTOMER ID, or subctl alerts resend --operator ID',
    },
  );
}
