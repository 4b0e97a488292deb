import { inRehearsal } from '../../database/rehearse.ts';
import { inTransaction } from '../../database/transaction.ts';
import { checkUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Reserved, settleUse } from '../../usage/reserve.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, unitsOf } from './answer-outcome.ts';
import type { settleUsage } from './hold-spec.ts';

/** Records what was reserved and prints the answer; recorded without a known price is exit code 7. */
export async function run(context: Context, input: InputOf<typeof settleUsage>): Promise<Outcome> {
  const connection = await context.database();
  const now = await context.now();
  const reservation = checkUuid(input.reservation, 'reservation');
  const work = context.dryRun ? inRehearsal<Reserved> : inTransaction<Reserved>;
  const answer = await work(connection, (tx) => settleUse(tx, { ...unitsOf(input), reservation }, now));
  const verb = answer.replayed ? 'settled before' : context.dryRun ? 'would be settled' : 'settled';
  const outcome = answerOutcome(answer, {
    all: false,
    timezone: await zoneOf(connection, input.customer, now),
    sentence: answer.allowed
      ? `${verb}: ${answer.kind} of ${input.customer}, event ${answer.event_id}${answer.overage ? ', beyond a limit' : ''}`
      : refusalSentence(answer),
  });
  if (!answer.allowed) return { ...outcome, exit: 'refused' };
  if (!answer.unpriced) return outcome;
  return { ...outcome, exit: 'incomplete', notes: ['The price is not known: subctl pricing unpriced'] };
}
