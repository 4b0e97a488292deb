import { inDryRun } from '../../database/dry-run.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { zoneOf } from '../../usage/zone.ts';
import { type Answer, recordUse } from '../../usage/use.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, useOf } from './answer-outcome.ts';
import { refusalNotes } from './refusal-notes.ts';
import { type Options, verb } from '../verb.ts';
import {
  allOption,
  alreadySpentOption,
  atOption,
  bytesOption,
  cachedTokensOption,
  charactersOption,
  costOption,
  endpointOption,
  inputTokensOption,
  keyOption,
  kindOption,
  latencyMsOption,
  memberOption,
  metadataOption,
  modelOption,
  outputTokensOption,
  pagesOption,
  partialOption,
  providerOption,
  quantityOption,
  secondsOption,
  sessionOption,
  statusOption,
  unitsOption,
} from './options.ts';

export const command = verb({
  examples: [
    [
      'subctl usage record ann --kind llm --provider openai --model gpt-4o --input-tokens 900 --output-tokens 120',
      'record one model call',
    ],
    [
      'subctl usage record ann --kind image --quantity 2 --key request-81 --json',
      'record two images, safe to repeat',
    ],
  ],
  exits: [4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Counts the event on every matching meter and window, or refuses it as a whole (exit code 4). An ' +
      'event of a model without a price is counted and marked as unpriced (exit code 7). It is refused ' +
      'if a hard cost limit applies.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(kindOption)
  .addOption(quantityOption)
  .addOption(keyOption)
  .addOption(providerOption)
  .addOption(modelOption)
  .addOption(inputTokensOption)
  .addOption(outputTokensOption)
  .addOption(cachedTokensOption)
  .addOption(memberOption)
  .addOption(sessionOption)
  .addOption(costOption)
  .addOption(atOption)
  .addOption(partialOption)
  .addOption(alreadySpentOption)
  .addOption(allOption)
  .addOption(metadataOption)
  .addOption(unitsOption)
  .addOption(bytesOption)
  .addOption(charactersOption)
  .addOption(pagesOption)
  .addOption(secondsOption)
  .addOption(statusOption)
  .addOption(latencyMsOption)
  .addOption(endpointOption);

type Input = { customer: string } & Options<typeof command>;

/** Records a usage event and prints the answer. Exit code 4 if refused, 7 if recorded without a price. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { customer, ...options };
  const connection = await context.database();
  const now = await context.now();
  const work = context.dryRun ? inDryRun<Answer> : inTransaction<Answer>;
  const answer = await work(connection, (tx) => recordUse(tx, useOf(input), now));
  const outcome = answerOutcome(answer, {
    all: input.all,
    timezone: await zoneOf(connection, input.customer, now),
    sentence: answer.allowed ? recorded(answer, input, context.dryRun) : refusalSentence(answer),
  });
  if (!answer.allowed)
    return { ...outcome, exit: 'refused', notes: await refusalNotes(connection, answer, useOf(input), now) };
  if (!answer.unpriced) return outcome;
  return { ...outcome, exit: 'incomplete', notes: ['The event has no price: subctl pricing unpriced'] };
}

function recorded(answer: Answer, { customer, quantity }: Input, dryRun: boolean): string {
  const what = `${answer.quantity ?? quantity} ${answer.kind} of ${customer}`;
  const part = answer.partial ? `, ${answer.asked} requested` : '';
  const over = answer.overage ? ', beyond a limit' : '';
  if (answer.replayed) return `already recorded: ${what}${part}${over}`;
  return `${dryRun ? 'would be recorded' : 'recorded'}: ${what}${part}${over}`;
}
