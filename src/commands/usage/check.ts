import type { Outcome } from '../../terminal/outcome.ts';
import { checkUse } from '../../usage/use.ts';
import { zoneOf } from '../../usage/zone.ts';
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
    ['subctl usage check ann --kind image --quantity 5', 'check five images'],
    [
      'subctl usage check ann --kind llm --input-tokens 4000 --all --json',
      'show every limit that it would affect',
    ],
  ],
  exits: [4, 8],
  rows: true,
  asOf: true,
})
  .description(
    'Writes nothing. Exit code 0 means allowed. Exit code 4 means refused, with the limit that has ' +
      'the least room. Any other exit code means that the check failed.',
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

/** Checks whether a usage event would be allowed. Exit code 4 if not. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { customer, ...options };
  const db = await context.database();
  const now = await context.now();
  const answer = await checkUse(db, useOf(input), now);
  const outcome = answerOutcome(answer, {
    all: input.all,
    timezone: await zoneOf(db, input.customer, now),
    sentence: answer.allowed
      ? `${input.customer} can use ${answer.quantity ?? input.quantity} ${answer.kind}`
      : refusalSentence(answer),
  });
  if (answer.allowed) return outcome;
  return { ...outcome, exit: 'refused', notes: await refusalNotes(db, answer, useOf(input), now) };
}
