import { isUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { explainEvent, explainUse } from '../../usage/explain.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { useOf } from './answer-outcome.ts';
import { eventPage } from './explain-event.ts';
import type { explainUsage } from './explain-spec.ts';
import { usePage } from './explain-use.ts';

/** Prints how an event was decided, or why a use is allowed or refused now: either is an answer, exit code 0. */
export async function run(
  context: Context,
  { what, all, ...use }: InputOf<typeof explainUsage>,
): Promise<Outcome> {
  const db = await context.database();
  const now = await context.now();
  if (isUuid(what))
    return eventPage(await explainEvent(db, { customer: use.customer, event: what, now }), all);
  return usePage(await explainUse(db, useOf({ ...use, kind: what }), now), all);
}
