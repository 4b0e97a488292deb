import { inDryRun } from '../../database/dry-run.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { showInstant } from '../../terminal/values.ts';
import { type Reserved, reserveUse } from '../../usage/reserve.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { Context } from '../context.ts';
import { answerOutcome, refusalSentence, useOf } from './answer-outcome.ts';
import { refusalNotes } from './refusal-notes.ts';
import { type Options, verb } from '../verb.ts';
import { json } from '../readers.ts';
import {
  bytesOption,
  cachedTokensOption,
  charactersOption,
  costOption,
  holdOption,
  inputTokensOption,
  kindOption,
  memberOption,
  modelOption,
  outputTokensOption,
  pagesOption,
  providerOption,
  quantityOption,
  secondsOption,
  sessionOption,
  unitsOption,
} from './options.ts';

export const command = verb({
  examples: [
    [
      'subctl usage reserve ann --kind message --quantity 2 --key call-7',
      'reserve two messages for 15 minutes',
    ],
    [
      'subctl usage reserve ann --kind llm --input-tokens 900 --output-tokens 4000 --hold 5m --json',
      'reserve an estimate for a call; the answer has the reservation id',
    ],
  ],
  exits: [4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Reserved usage counts as used until it is settled, released, or expires (--hold). Exit code 4 ' +
      'means refused. A repeated --key returns the same reservation.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(kindOption)
  .addOption(quantityOption)
  .addOption(providerOption)
  .addOption(modelOption)
  .addOption(inputTokensOption)
  .addOption(outputTokensOption)
  .addOption(cachedTokensOption)
  .addOption(memberOption)
  .addOption(sessionOption)
  .addOption(costOption)
  .addOption(holdOption)
  .addOption(unitsOption)
  .addOption(bytesOption)
  .addOption(charactersOption)
  .addOption(pagesOption)
  .addOption(secondsOption)
  .option('--endpoint <text>', 'endpoint of the call')
  .option('--key <key>', 'idempotency key of the reservation')
  .option('--partial', 'reserve as much as fits', false)
  .option('--metadata <json>', 'application data', json);

/** Creates a reservation and prints the answer with its id. Exit code 4 if refused. */
export async function run(
  context: Context,
  customer: string,
  { hold, ...options }: Options<typeof command>,
): Promise<Outcome> {
  const input = { customer, ...options };
  const connection = await context.database();
  const now = await context.now();
  const use = useOf(input);
  const work = context.dryRun ? inDryRun<Reserved> : inTransaction<Reserved>;
  const answer = await work(connection, (tx) => reserveUse(tx, { ...use, holdSeconds: hold }, now));
  const timezone = await zoneOf(connection, input.customer, now);
  const outcome = answerOutcome(answer, {
    ...{ all: false, timezone },
    sentence: answer.allowed
      ? reservedSentence(answer, input, { timezone, dryRun: context.dryRun })
      : refusalSentence(answer),
  });
  if (answer.allowed) return outcome;
  return { ...outcome, exit: 'refused', notes: await refusalNotes(connection, answer, use, now) };
}

function reservedSentence(
  answer: Reserved,
  { customer, quantity }: { customer: string; quantity: string },
  { timezone, dryRun }: { timezone: string; dryRun: boolean },
): string {
  const until = showInstant(new Date(answer.expires_at!), timezone);
  const what = `${answer.quantity ?? quantity} ${answer.kind} of ${customer} until ${until}`;
  if (dryRun) return `would be reserved: ${what}`;
  return `${answer.replayed ? 'already reserved' : 'reserved'}: ${what}, reservation ${answer.reservation}`;
}
