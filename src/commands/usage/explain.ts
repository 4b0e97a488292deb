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
      'explain why 250 messages are refused, and when they are allowed',
    ],
    [
      'subctl usage explain ann 019b76da-a800-7000-8000-000000000001 --json',
      'explain a recorded event, as JSON',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    'With an event id: the plan version, limits, prices and grants that decided it, as they were ' +
      'then. This includes closed months and plans changed since.\n\nWith a kind or meter: the limit ' +
      'that refuses it, with its window, sum, reservations and overrides. It also shows when the usage ' +
      'is allowed again and which plan would cover it.\n\nEvery figure names its rule (docs/rules.md) ' +
      'and the rows it was computed from. Writes nothing.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<what>', 'event id, kind or meter: llm, image, messages …')
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
  .option('--all', 'show every limit in full, including limits that only count', false);

/** Explains a recorded event, or a decision now. Both are answers with exit code 0. */
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
