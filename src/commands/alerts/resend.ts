import { resendNotice } from '../../alerts/resend.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { OutboxSpecs } from './outbox-spec.ts';

/** Puts a notice among those that wait again. */
export async function run(
  context: Context,
  { customer, id }: InputOf<OutboxSpecs['resend']>,
): Promise<Outcome> {
  await write(context, { action: 'alerts resend', asked: { customer, id } }, async (tx, change) => {
    await resendNotice(tx, change, { customer, id });
    return {};
  });
  return {
    record: { customer, id, state: 'waiting', dry_run: context.dryRun },
    notes: context.dryRun ? [] : ['It goes out with the next subctl send-alerts'],
  };
}
