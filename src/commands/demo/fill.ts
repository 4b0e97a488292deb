import { compareText } from '../../domain/compare.ts';
import { findPlans } from '../../catalog/find-plans.ts';
import { insertCustomers } from '../../customers/insert-customers.ts';
import { call } from '../../database/call.ts';
import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';
import { importCatalogue } from '../../pricing/import-catalogue.ts';
import { assignPlan } from '../../subscriptions/assign.ts';
import { settleSubscriptions } from '../../subscriptions/settle.ts';
import { loadCatalogue } from '../pricing/load-catalogue.ts';
import { type Person, demoProviders, makePeople } from './people.ts';

export interface Filled {
  customers: number;
  subscriptions: number;
  recorded: number;
  refused: number;
}

/** Fills an empty database with sample customers, subscriptions and usage before `change.at`, through the ordinary use cases (O7). */
export async function fillDemo(
  tx: Db,
  change: Change,
  { count, seed }: { count: number; seed: number },
): Promise<Filled> {
  await importCatalogue(tx, change, await loadCatalogue(), demoProviders);
  const plans = (await findPlans(tx)).filter(({ active }) => active);
  const people = makePeople({ count, seed, rungs: plans.length });
  await insertCustomers(
    tx,
    change,
    people.map(({ id, timezone }) => ({ id, timezone })),
  );
  const subscribers = people.filter(({ rung }) => rung !== undefined);
  for (const { id, rung, startedMinutesAgo } of subscribers) {
    const at = minutesBefore(change.at, startedMinutesAgo);
    await assignPlan(tx, { ...change, at }, { customer: id, plan: plans[rung!]!.id });
  }
  const { recorded, refused } = await recordUses(tx, change.at, people);
  await catchUp(
    tx,
    change,
    people.map(({ id }) => id),
  );
  return { customers: people.length, subscriptions: subscribers.length, recorded, refused };
}

/** Settles these months as the tasks would have done: nothing is late in a new demo. */
async function catchUp(tx: Db, change: Change, customers: readonly string[]): Promise<void> {
  await settleSubscriptions(tx, change, customers);
  for (const ofPeriods of [true, false])
    await call(tx, 'subctl_internal.close_windows', {
      p_as_of: change.at,
      p_customers: customers,
      p_change: change.id,
      p_personal: ofPeriods,
    });
}

async function recordUses(
  tx: Db,
  now: Date,
  people: Person[],
): Promise<{ recorded: number; refused: number }> {
  const uses = people.flatMap(({ id, uses }) =>
    uses.map(({ minutesAgo, ...use }) => ({ customer: id, at: minutesBefore(now, minutesAgo), ...use })),
  );
  const inOrder = uses.sort(
    (one, other) => one.at.getTime() - other.at.getTime() || compareText(one.customer, other.customer),
  );
  const [row] = await tx<{ recorded: number; refused: number }[]>`
    with answers as materialized (
      select subctl.record_usage(customer => u.customer, kind => u.kind, as_of => u.at, quantity => u.quantity, provider => u.provider, model => u.model,
                                 input_tokens => u."inputTokens", output_tokens => u."outputTokens") as answer
        from jsonb_to_recordset(${tx.json(inOrder as never)})
          as u(customer text, kind text, at timestamptz, quantity numeric, provider text, model text, "inputTokens" numeric, "outputTokens" numeric)
    )
    select count(*) filter (where answer->'allowed' = 'true')::int as recorded,
           count(*) filter (where answer->'allowed' <> 'true')::int as refused from answers`;
  return row!;
}

function minutesBefore(now: Date, minutes: number): Date {
  return new Date(now.getTime() - minutes * 60_000);
}
