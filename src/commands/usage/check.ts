import type { Outcome } from '../../terminal/outcome.ts';
import { checkUse } from '../../usage/use.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, useOf } from './answer-outcome.ts';
import { refusalNotes } from './refusal-notes.ts';
import type { checkUsage } from './spec.ts';

/** Prints whether a use would be allowed; no is exit code 4. */
export async function run(context: Context, input: InputOf<typeof checkUsage>): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  const answer = await checkUse(db, useOf(input), now);
  const outcome = answerOutcome(answer, {
    all: input.all,
    timezone: await zoneOf(db, input.customer, now),
    sentence: answer.allowed
      ? `${input.customer} may use ${answer.quantity ?? input.quantity} ${answer.kind}`
      : refusalSentence(answer),
  });
  if (answer.allowed) return outcome;
  return { ...outcome, exit: 'refused', notes: await refusalNotes(db, answer, useOf(input), now) };
}
