import type { Db } from '../database/connect.ts';
import { findSums, usesOf } from './event-sums.ts';
import type { Span } from './span.ts';

export const costGroups = ['model', 'provider', 'plan', 'kind', 'customer'] as const;
export type CostGroup = (typeof costGroups)[number];

/** The cost of one group of uses. Null where a use has no value for the grouping. */
export interface CostRow {
  provider: string | null;
  name: string | null;
  uses: number;
  tokens: string;
  cost: string;
  /** share of all costs of the span, in percent */
  share: string | null;
  /** uses without a known price: their cost is not in `cost` */
  unpriced: number;
}

/**
 * Sums the cost of a span's uses by `by`, the most expensive first; models with their provider. Every use is in exactly one row, so that
 * each grouping has the same total; a reversal subtracts its cost. By customer the events are read, by any other grouping the daily sums.
 */
export async function listCosts(db: Db, span: Span, by: CostGroup): Promise<CostRow[]> {
  const provider = by === 'model' ? db`u.provider` : db`null::text`;
  const uses = by === 'customer' ? customersOf(db, span) : usesOf(db, await findSums(db, span));
  return db<CostRow[]>`
    with sums as (
      select ${provider} as provider, u.${db(columns[by])} as name, sum(u.uses)::int as uses,
             coalesce(sum(u.tokens), 0) as tokens, coalesce(sum(u.cost), 0) as cost, sum(u.unpriced)::int as unpriced
        from ${uses} u group by 1, 2
    )
    select provider, name, uses, trim_scale(tokens)::text as tokens, trim_scale(cost)::text as cost,
           trim_scale(round(cost * 100 / nullif(sum(cost) over (), 0), 2))::text as share, unpriced
      from sums order by sums.cost desc, uses desc, provider collate "C" nulls last, name collate "C" nulls last`;
}

const columns = {
  model: 'model',
  provider: 'provider',
  plan: 'plan_id',
  kind: 'kind',
  customer: 'customer_id',
} as const;

const customersOf = (db: Db, { from, to }: Span) => db`(
  select e.customer_id, case when e.reverses is null then 1 else -1 end as uses, e.tokens, e.cost, (e.unpriced and e.reverses is null)::int as unpriced
    from subctl.usage_events e where e.at >= ${from} and e.at < ${to})`;

/** The currency of costs, and the instant from which all events are kept; null: all of them. */
export async function readCostFacts(db: Db): Promise<{ currency: string; keptFrom: Date | null }> {
  const [row] = await db<[{ currency: string; keptFrom: Date | null }]>`
    select coalesce(subctl_internal.setting('cost_currency'), 'USD') as currency, subctl_internal.setting('events_from')::timestamptz as "keptFrom"`;
  return row;
}
