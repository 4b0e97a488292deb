import type { Db } from '../database/connect.ts';
import type { CreditCost } from './catalogue.ts';

/** Replaces the credit costs of one plan, or of all plans (''), by `costs`. */
export async function saveCreditCosts(
  tx: Db,
  { plan, costs }: { plan: string; costs: readonly CreditCost[] },
): Promise<void> {
  await tx`
    delete from subctl.credit_costs where plan_id = ${plan} and not kind = any (${costs.map(({ kind }) => kind)}::text[])`;
  await mergeCreditCosts(tx, { plan, costs });
}

/** Sets some credit costs and leaves the others. */
export async function mergeCreditCosts(
  tx: Db,
  { plan, costs }: { plan: string; costs: readonly CreditCost[] },
): Promise<void> {
  await tx`
    insert into subctl.credit_costs (plan_id, kind, amount)
    select ${plan}, c.kind, c.amount from jsonb_to_recordset(${tx.json(costs as never)}) as c (kind text, amount numeric)
    on conflict (plan_id, kind) do update set amount = excluded.amount`;
}
