import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Span } from './span.ts';

/** A customer with high usage in the span. `plan` is the plan at its end. */
export interface Rank {
  rank: number;
  customer: string;
  plan: string | null;
  value: string;
  /** share of the usage of all customers, in percent */
  share: string | null;
}

/**
 * Lists the `limit` customers with the highest usage in the span, by `credits` spent, `cost`, `calls` (events) or the id of a meter; ties
 * are ordered by id.
 * @throws Failure not_found for an unknown meter
 */
export async function rankCustomers(
  db: Db,
  { by, limit, span }: { by: string; limit: number; span: Span },
): Promise<Rank[]> {
  if (by !== 'credits' && by !== 'cost' && by !== 'calls') await checkMeter(db, by);
  return db<Rank[]>`
    with used as (${usedBy(db, by, span)}),
    first as (
      select u.*, sum(u.value) over () as total from used u where u.value > 0
       order by u.value desc, u.customer_id collate "C" limit ${limit}
    )
    select row_number() over (order by f.value desc, f.customer_id collate "C")::int as rank, f.customer_id as customer,
           e.plan_id as plan, trim_scale(f.value)::text as value, round(f.value * 100 / f.total, 2)::text as share
      from first f
      left join lateral subctl_internal.effective_subscription(f.customer_id, ${span.to}) e on true
     order by 1`;
}

/** The uses of a span, and how many of them have a cost. */
export interface CountedUses {
  uses: number;
  priced: number;
}

/** Counts the uses of a span that were not reversed. */
export async function countUses(db: Db, { from, to }: Span): Promise<CountedUses> {
  const [row] = await db<[CountedUses]>`
    select count(*)::int as uses, count(e.cost)::int as priced from subctl.usage_events e
     where e.at >= ${from} and e.at < ${to} and e.reverses is null
       and not exists (select from subctl.usage_events r where r.customer_id = e.customer_id and r.at = e.at and r.reverses = e.id
                                                           and r.at >= ${from} and r.at < ${to})`;
  return row;
}

function usedBy(db: Db, by: string, span: Span) {
  if (by === 'credits') return spentCredits(db, span);
  return by === 'cost' || by === 'calls' ? sumOfEvents(db, by, span) : sumOnMeter(db, by, span);
}

function spentCredits(db: Db, { from, to }: Span) {
  return db`
    select c.customer_id, -sum(c.amount) as value from subctl.credit_entries c
     where c.kind in ('use', 'deduct', 'reversal') and c.at >= ${from} and c.at < ${to} group by 1`;
}

function sumOfEvents(db: Db, value: 'cost' | 'calls', { from, to }: Span) {
  return db`
    select e.customer_id, ${value === 'cost' ? db`sum(e.cost)` : db`sum(case when e.reverses is null then 1 else -1 end)::numeric`} as value
      from subctl.usage_events e where e.at >= ${from} and e.at < ${to} group by 1`;
}

function sumOnMeter(db: Db, meter: string, { from, to }: Span) {
  return db`
    select e.customer_id, sum(e.amount) as value from subctl_internal.events_on_meter(${meter}, ${from}, ${to}) e group by 1`;
}

async function checkMeter(db: Db, id: string): Promise<void> {
  const found = await db`select from subctl.meters m where m.id = ${id}`;
  if (found.length > 0) return;
  throw new Failure('not_found', `There is no meter ${id}`, {
    hint: 'Give --by credits, cost or calls, or a meter of: subctl meters list',
  });
}
