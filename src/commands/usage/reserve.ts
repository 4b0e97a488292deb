import { inRehearsal } from '../../database/rehearse.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import { type Reserved, reserveUse } from '../../usage/reserve.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, useOf } from './answer-outcome.ts';
import type { reserveUsage } from './hold-spec.ts';
import { refusalNotes } from './refusal-notes.ts';

/** Holds an amount and prints the answer with the id of the reservation; refused is exit code 4. */
export async function run(
  context: Context,
  { hold, ...input }: InputOf<typeof reserveUsage>,
): Promise<Outcome> {
  const connection = await context.database();
  const now = await context.now();
  const use = useOf(input);
  const work = context.dryRun ? inRehearsal<Reserved> : inTransaction<Reserved>;
  const answer = await work(connection, (tx) => reserveUse(tx, { ...use, holdSeconds: hold }, now));
  const timezone = await zoneOf(connection, input.customer, now);
  const outcome = answerOutcome(answer, {
    ...{ all: false, timezone },
    sentence: answer.allowed
      ? held(answer, input, { timezone, dryRun: context.dryRun })
      : refusalSentence(answer),
  });
  if (answer.allowed) return outcome;
  return { ...outcome, exit: 'refused', notes: await refusalNotes(connection, answer, use, now) };
}

function held(
  answer: Reserved,
  { customer, quantity }: { customer: string; quantity: string },
  { timezone, dryRun }: { timezone: string; dryRun: boolean },
): string {
  const until = showInstant(new Date(answer.expires_at!), timezone);
  const what = `${answer.quantity ?? quantity} ${answer.kind} of ${customer} until ${until}`;
  if (dryRun) return `would be held: ${what}`;
  return `${answer.replayed ? 'held before' : 'held'}: ${what}, reservation ${answer.reservation}`;
}
