import type { Price } from '../../catalog/catalogue.ts';
import { editPlan } from '../../catalog/edit-plan.ts';
import { getPlan } from '../../catalog/find-plans.ts';
import { readPlanEdit } from '../../catalog/read-plan-edit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { savedOutcome } from './saved.ts';
import type { editPlan as spec } from './spec.ts';

/** Changes a plan, in place or as a new version. */
export async function run(context: Context, { plan: id, ...words }: InputOf<typeof spec>): Promise<Outcome> {
  const edit = readPlanEdit(words);
  const prices = edit.prices ?? [];
  const { saved, before } = await write(
    context,
    { action: 'plans edit', asked: { plan: id, ...edit } },
    async (tx, change) => ({
      before: prices.length > 0 ? (await getPlan(tx, id)).version.prices : [],
      saved: await editPlan(tx, change, { id, edit }),
    }),
  );
  const outcome = savedOutcome(saved, { dryRun: context.dryRun, prices });
  return { ...outcome, notes: [...(outcome.notes ?? []), ...newCurrencyNotes(before, prices)] };
}

/** For each price in a currency in which the plan had none, while it had prices in others: most often the currency was forgotten. */
function newCurrencyNotes(before: readonly Price[], given: readonly Price[]): string[] {
  const known = [...new Set(before.map(({ currency }) => currency))];
  if (known.length === 0) return [];
  return given
    .filter(({ currency, amount }) => amount !== null && !known.includes(currency))
    .map(
      ({ interval, currency, amount }) =>
        `The price per ${interval} is in ${currency}, and the plan had prices in ${known.join(', ')} only: in ${known[0]} it is --price ${interval}=${amount}${known[0]}`,
    );
}
