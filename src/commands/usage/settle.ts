import { inDryRun } from '../../database/dry-run.ts';
import { inTransaction } from '../../database/transaction.ts';
import { checkUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Reserved, settleUse } from '../../usage/reserve.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, unitsOf } from './answer-outcome.ts';
import { type Options, verb } from '../verb.ts';
import { amount } from '../readers.ts';
import {
  bytesOption,
  cachedTokensOption,
  charactersOption,
  costOption,
  endpointOption,
  inputTokensOption,
  keyOption,
  latencyMsOption,
  metadataOption,
  modelOption,
  outputTokensOption,
  pagesOption,
  providerOption,
  secondsOption,
  statusOption,
  unitsOption,
} from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage settle ann 019b76da-a800-7000-8000-000000000002 --quantity 1', 'settle for one image'],
    [
      'subctl usage settle ann 019b76da-a800-7000-8000-000000000002 --quantity 1 --json',
      'repeat it: the same answer',
    ],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Options that are not given keep the reserved values. The usage has already happened, so usage ' +
      'beyond a limit counts as overage. Settling again with the same amounts returns the same answer; ' +
      'other amounts are a conflict (exit code 8). An expired reservation can still be settled.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<reservation>', 'id of the reservation')
  .option('--quantity <number>', 'actual quantity', amount({ min: 0 }))
  .addOption(keyOption)
  .addOption(providerOption)
  .addOption(modelOption)
  .addOption(inputTokensOption)
  .addOption(outputTokensOption)
  .addOption(cachedTokensOption)
  .addOption(costOption)
  .addOption(metadataOption)
  .addOption(unitsOption)
  .addOption(bytesOption)
  .addOption(charactersOption)
  .addOption(pagesOption)
  .addOption(secondsOption)
  .addOption(statusOption)
  .addOption(latencyMsOption)
  .addOption(endpointOption);

/** Settles a reservation and prints the answer. Exit code 7 if recorded without a price. */
export async function run(
  context: Context,
  customer: string,
  id: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const connection = await context.database();
  const now = await context.now();
  const reservation = checkUuid(id, 'reservation');
  const work = context.dryRun ? inDryRun<Reserved> : inTransaction<Reserved>;
  const answer = await work(connection, (tx) =>
    settleUse(tx, { ...unitsOf({ ...options, customer }), reservation }, now),
  );
  const done = context.dryRun ? 'would be settled' : 'settled';
  const verb = answer.replayed ? 'already settled' : done;
  const outcome = answerOutcome(answer, {
    all: false,
    timezone: await zoneOf(connection, customer, now),
    sentence: answer.allowed
      ? `${verb}: ${answer.kind} of ${customer}, event ${answer.event_id}${answer.overage ? ', beyond a limit' : ''}`
      : refusalSentence(answer),
  });
  if (!answer.allowed) return { ...outcome, exit: 'refused' };
  if (!answer.unpriced) return outcome;
  return { ...outcome, exit: 'incomplete', notes: ['The event has no price: subctl pricing unpriced'] };
}
