import { inRehearsal } from '../../database/rehearse.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { zoneOf } from '../../usage/zone.ts';
import { type Answer, recordUse } from '../../usage/use.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, useOf } from './answer-outcome.ts';
import { refusalNotes } from './refusal-notes.ts';
import type { recordUsage } from './spec.ts';

/** Records a use and prints the answer; refused is exit code 4, recorded without a known price 7. */
export async function run(context: Context, input: InputOf<typeof recordUsage>): Promise<Outcome> {
  const connection = await context.database();
  const now = await context.now();
  const work = context.dryRun ? inRehearsal<Answer> : inTransaction<Answer>;
  const answer = await work(connection, (tx) => recordUse(tx, useOf(input), now));
  const outcome = answerOutcome(answer, {
    all: input.all,
    timezone: await zoneOf(connection, input.customer, now),
    sentence: answer.allowed ? recorded(answer, input, context.dryRun) : refusalSentence(answer),
  });
  if (!answer.allowed)
    return { ...outcome, exit: 'refused', notes: await refusalNotes(connection, answer, useOf(input), now) };
  if (!answer.unpriced) return outcome;
  return { ...outcome, exit: 'incomplete', notes: ['The price is not known: subctl pricing unpriced'] };
}

function recorded(
  answer: Answer,
  { customer, quantity }: InputOf<typeof recordUsage>,
  dryRun: boolean,
): string {
  const what = `${answer.quantity ?? quantity} ${answer.kind} of ${customer}`;
  const part = answer.partial ? `, ${answer.asked} were asked` : '';
  const over = answer.overage ? ', beyond a limit' : '';
  if (answer.replayed) return `recorded before: ${what}${part}${over}`;
  return `${dryRun ? 'would be recorded' : 'recorded'}: ${what}${part}${over}`;
}
