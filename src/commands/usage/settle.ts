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
    ['subctl usage settle ann 019b76da-a800-7000-8000-000000000002 --quantity 1', 'only one image was made'],
    [
      'subctl usage settle ann 019b76da-a800-7000-8000-000000000002 --quantity 1 --json',
      'again: the same answer',
    ],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'What is not given is what was reserved. It has happened: beyond a limit it counts as overage. ' +
      'Settled again with the same amounts it gives the same answer, with others it is a conflict (exit ' +
      'code 8). A reservation whose time is over may still be settled.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<reservation>', 'id of the reservation')
  .option('--quantity <number>', 'how many it was', amount({ min: 0 }))
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

/** Records what was reserved and prints the answer; recorded without a known price is exit code 7. */
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
  const verb = answer.replayed ? 'settled before' : done;
  const outcome = answerOutcome(answer, {
    all: false,
    timezone: await zoneOf(connection, customer, now),
    sentence: answer.allowed
      ? `${verb}: ${answer.kind} of ${customer}, event ${answer.event_id}${answer.overage ? ', beyond a limit' : ''}`
      : refusalSentence(answer),
  });
  if (!answer.allowed) return { ...outcome, exit: 'refused' };
  if (!answer.unpriced) return outcome;
  return { ...outcome, exit: 'incomplete', notes: ['The price is not known: subctl pricing unpriced'] };
}
