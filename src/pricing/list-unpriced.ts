import type { Db } from '../database/connect.ts';
import { findEventSpan } from '../database/event-span.ts';

/** Uses without a known price when they were recorded: their units count, their cost is open (R26). */
export interface UnpricedUse {
  /** null: unknown, and the model's name does not tell */
  provider: string | null;
  model: string | null;
  kind: string;
  events: number;
  customers: number;
  /** sums, as decimal strings */
  quantity: string;
  input_tokens: string;
  output_tokens: string;
  first_at: Date;
  last_at: Date;
  /** a price exists by now: pricing rerate applies it */
  priceable: number;
}

/** Lists unpriced uses in [from, to) by provider, model and kind, the most first. */
export async function listUnpriced(
  db: Db,
  { from, to, provider }: { from?: Date | undefined; to?: Date | undefined; provider?: string | undefined },
): Promise<UnpricedUse[]> {
  const span = await findEventSpan(db, { from, to });
  const within = (row: 'e' | 'r') => db`
    ${db(row)}.at >= ${span.from}::timestamptz and ${db(row)}.at < ${span.to}::timestamptz`;
  return db<UnpricedUse[]>`
    select e.provider, e.model, e.kind, count(*)::int as events, count(distinct e.customer_id)::int as customers,
           trim_scale(sum(e.quantity))::text as quantity, trim_scale(coalesce(sum(e.input_tokens), 0))::text as input_tokens,
           trim_scale(coalesce(sum(e.output_tokens), 0))::text as output_tokens, min(e.at) as first_at, max(e.at) as last_at,
           count(x.cost)::int as priceable
      from subctl.usage_events e
     cross join lateral subctl_internal.price_usage(coalesce(e.provider, subctl_internal.provider_of(e.model)), e.model, e.at, e.quantity, e.kind, e.input_tokens, e.output_tokens, e.cached_tokens, e.units) x
     where e.unpriced and ${within('e')}
       and (${provider ?? null}::text is null or e.provider = ${provider ?? null})
       and not exists (select from subctl.usage_events r where r.customer_id = e.customer_id and r.at = e.at and r.reverses = e.id
                                                             and ${within('r')})
     group by 1, 2, 3
     order by events desc, 1, 2, 3`;
}
