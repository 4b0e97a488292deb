import type { Db } from '../database/connect.ts';
import type { Span } from './span.ts';

export const costGroups = ['model', 'provider', 'plan', 'kind', 'customer'] as const;
export type CostGroup = (typeof costGroups)[number];

/** What one group of uses came to. Null where a use names none. */
export interface CostRow {
  provider: string | null;
  name: string | null;
  uses: number;
  tokens: string;
  cost: string;
  /** part of all costs of the span, in per cent */
  share: string | null;
  /** uses that no price is known for: their cost is not in `cost` */
  unpriced: number;
}

/**
 * What the uses of a span cost by `by`, the dearest first; models with their provider. Every use is in one row, so that each grouping has
 * the same total (K10); what was taken back takes its cost away.
 */
export async function listCosts(db: Db, { from, to }: Span, by: CostGroup): Promise<CostRow[]> {
  const column = {
    model: 'model',
    provider: 'provider',
    plan: 'plan_id',
    kind: 'kind',
    customer: 'customer_id',
  }[by];
  const provider = by === 'model' ? db`e.provider` : db`null::text`;
  return db<CostRow[]>`
    with sums as (
      select ${provider} as provider, e.${db(column)} as name, sum(case when e.reverses is null then 1 else -1 end)::int as uses,
             coalesce(sum(e.tokens), 0) as tokens, coalesce(sum(e.cost), 0) as cost, count(*) filter (where e.unpriced and e.reverses is null)::int as unpriced
        from subctl.usage_events e where e.at >= ${from} and e.at < ${to} group by 1, 2
    )
    select provider, name, uses, trim_scale(tokens)::text as tokens, trim_scale(cost)::text as cost,
           trim_scale(round(cost * 100 / nullif(sum(cost) over (), 0), 2))::text as share, unpriced
      from sums order by sums.cost desc, uses desc, provider collate "C" nulls last, name collate "C" nulls last`;
}

/** The currency of costs, and from when on all uses are kept; null: all of them. */
export async function readCostFacts(db: Db): Promise<{ currency: string; keptFrom: Date | null }> {
  const [row] = await db<[{ currency: string; keptFrom: Date | null }]>`
    select coalesce(subctl.setting('cost_currency'), 'USD') as currency, subctl.setting('events_from')::timestamptz as "keptFrom"`;
  return row;
}
