import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Span } from './span.ts';

/** A customer among the heaviest of the span. `plan` is what the customer stands on at its end. */
export interface Rank {
  rank: number;
  customer: string;
  plan: string | null;
  value: string;
  /** part of what all customers used together, in per cent */
  share: string | null;
}

/**
 * The `limit` customers that used the most in the span, by `credits` spent, `cost`, `calls` (events) or the id of a meter; equal ones
 * in the order of their ids (T4).
 * @throws Failure not_found for a meter that there is not
 */
export async function rankCustomers(
  db: Db,
  { by, limit, span }: { by: string; limit: number; span: Span },
): Promise<Rank[]> {
  const meter = ['credits', 'cost', 'calls'].includes(by) ? undefined : await getMeter(db, by);
  return db<Rank[]>`
    with used as (${by === 'credits' ? spentCredits(db, span) : usedByEvents(db, meter ?? by, span)}),
    first as (
      select u.*, sum(u.value) over () as total from used u where u.value > 0
       order by u.value desc, u.customer_id collate "C" limit ${limit}
    )
    select row_number() over (order by f.value desc, f.customer_id collate "C")::int as rank, f.customer_id as customer,
           e.plan_id as plan, trim_scale(f.value)::text as value, round(f.value * 100 / f.total, 2)::text as share
      from first f
      left join lateral subctl.effective_subscription(f.customer_id, ${span.to}) e on true
     order by 1`;
}

function spentCredits(db: Db, { from, to }: Span) {
  return db`
    select c.customer_id, -sum(c.amount) as value from subctl.credit_entries c
     where c.kind in ('use', 'deduct', 'reversal') and c.at >= ${from} and c.at < ${to} group by 1`;
}

function usedByEvents(db: Db, by: Meter | string, { from, to }: Span) {
  const value =
    typeof by !== 'string' ? meterValue(db, by) : by === 'cost' ? db`sum(e.cost)` : db`count(*)::numeric`;
  return db`
    select e.customer_id, ${value} as value from subctl.usage_events e
     where e.at >= ${from} and e.at < ${to} group by 1`;
}

interface Meter {
  id: string;
  field: string;
  aggregation: string;
  /** of its windows */
  ids: number[];
}

async function getMeter(db: Db, id: string): Promise<Meter> {
  const [found] = await db<Meter[]>`
    select m.id, m.field, m.aggregation, to_jsonb(array(select w.id from subctl.meter_windows w where w.meter_id = m.id)) as ids
      from subctl.meters m where m.id = ${id}`;
  if (found) return found;
  throw new Failure('not_found', `There is no meter ${id}`, {
    hint: 'Give --by credits, cost or calls, or a meter of: subctl meters list',
  });
}

/** What an event added to a meter. Which meters it counted on is in its result: every fifth number, from the first, is a window's id. */
function meterValue(db: Db, { id, field, aggregation, ids }: Meter) {
  const amount = aggregation === 'count' ? db`1` : fieldOf(db, field);
  return db`
    sum(case when e.kind = ${id} then e.quantity else ${amount} end) filter (
      where exists (select from generate_series(1, cardinality(e.result), 5) i where e.result[i] = any (${ids}::int[])))`;
}

function fieldOf(db: Db, field: string) {
  const columns: Record<string, string> = {
    quantity: 'quantity',
    tokens: 'tokens',
    input: 'input_tokens',
    output: 'output_tokens',
    cost: 'cost',
  };
  const column = columns[field];
  return column ? db`e.${db(column)}` : db`(e.units->>${field})::numeric`;
}
