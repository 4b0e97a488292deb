import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { prices } from '../database/schema/pricing.ts';
import { parseAmount } from '../domain/amounts.ts';

/** A price of the environment that became a new dated row. */
export interface TakenPrice extends Pick<typeof prices.$inferSelect, 'component' | 'amount'> {
  /** the price until now; null when there was none */
  before: string | null;
}

/**
 * Stores HUGGINGFACE_INPUT_TOKEN_COST and HUGGINGFACE_OUTPUT_TOKEN_COST (USD for one token) as prices of HuggingFace's `default` model
 * that are valid from `change.at` on, where they differ from the present ones. Earlier events keep their price (R25).
 * @throws Failure usage for a value that is not a decimal of 0 or more
 */
export async function takeEnvironmentPrices(
  tx: Db,
  change: Change,
  {
    inputTokenCost,
    outputTokenCost,
  }: { inputTokenCost: string | undefined; outputTokenCost: string | undefined },
): Promise<TakenPrice[]> {
  const asked = [
    { component: 'input_tokens', variable: 'HUGGINGFACE_INPUT_TOKEN_COST', text: inputTokenCost },
    { component: 'output_tokens', variable: 'HUGGINGFACE_OUTPUT_TOKEN_COST', text: outputTokenCost },
  ].flatMap(({ text, variable, component }) =>
    text === undefined ? [] : [{ component, amount: parseAmount(text, { name: variable, min: '0' }) }],
  );
  if (asked.length === 0) return [];
  const taken = await tx<TakenPrice[]>`
    with asked as (
      select a.component, a.amount::numeric as amount from jsonb_to_recordset(${tx.json(asked)}) a(component text, amount text)
    ), held as (
      select a.*, (select p.amount / p.per from subctl.prices p
                    where p.provider = 'huggingface' and p.model = 'default' and p.component = a.component and p.effective_from <= ${change.at}
                    order by p.effective_from desc, p.revision desc limit 1) as before
        from asked a
    ), made as (
      insert into subctl.prices (provider, model, component, effective_from, revision, unit, amount, per, source, recorded_at, change_id)
      select 'huggingface', 'default', h.component, ${change.at}, coalesce((select max(p.revision) from subctl.prices p
               where p.provider = 'huggingface' and p.model = 'default' and p.component = h.component and p.effective_from = ${change.at}), 0) + 1,
             'token', h.amount, 1, 'environment', ${change.at}, ${change.id}
        from held h where h.before is distinct from h.amount
      returning component, amount
    )
    select m.component, trim_scale(m.amount)::text as amount, trim_scale(h.before)::text as before
      from made m join held h using (component) order by 1`;
  if (taken.length > 0) await call(tx, 'subctl_internal.compile_prices', {});
  await audit(
    tx,
    change,
    taken.map(({ component, amount, before }) => ({
      entity: 'price',
      key: `huggingface default ${component}`,
      before: before === null ? null : { amount: before },
      after: { amount },
    })),
  );
  return [...taken];
}
