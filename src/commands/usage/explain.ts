import { isUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { explainEvent, explainUse } from '../../usage/explain.ts';
import type { Context } from '../context.ts';
import { useOf } from './answer-outcome.ts';
import { eventPage } from './explain-event.ts';
import { usePage } from './explain-use.ts';
import { type Options, verb } from '../verb.ts';
import {
  bytesOption,
  cachedTokensOption,
  charactersOption,
  costOption,
  inputTokensOption,
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
      'subctl usage explain ann messages --quantity 250',
      'why ann may not send 250 messages, and when she may',
    ],
    [
      'subctl usage explain ann 019b76da-a800-7000-8000-000000000001 --json',
      'how a recorded use was decided, for a program',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    'With the id of an event: which plan version, limits, prices and grants took part, as they were ' +
      'then, also of closed months and of plans that were changed since. With a kind or a meter: which ' +
      'limit refuses, with its window, sum, reservations and own limits, when it works again and which ' +
      'plan would cover it. Every figure names the rule that decided it (docs/rules.md) and the rows ' +
      'that were looked at. Writes nothing.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<what>', 'id of an event, or a kind or meter: llm, image, messages …')
  .addOption(quantityOption)
  .addOption(providerOption)
  .addOption(modelOption)
  .addOption(inputTokensOption)
  .addOption(outputTokensOption)
  .addOption(cachedTokensOption)
  .addOption(memberOption)
  .addOption(sessionOption)
  .addOption(costOption)
  .addOption(unitsOption)
  .addOption(bytesOption)
  .addOption(charactersOption)
  .addOption(pagesOption)
  .addOption(secondsOption)
  .option('--all', 'every limit in full, those too that are only counted', false);

/** Prints how an event was decided, or why a use is allowed or refused now: either is an answer, exit code 0. */
export async function run(
  context: Context,
  customer: string,
  what: string,
  { all, ...use }: Options<typeof command>,
): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  if (isUuid(what)) return eventPage(await explainEvent(db, { customer, event: what, now }), all);
  return usePage(await explainUse(db, useOf({ ...use, customer, kind: what }), now), all);
}
