import Big from 'big.js';
import type { Db } from '../database/connect.ts';
import type { Span } from './span.ts';

/** What customers paid for a span against what they cost in it, in one currency, rounded to what can be paid in it. */
export interface MarginRow {
  /** the plan or the customer; null: invoices of no subscription, uses on no plan */
  name: string | null;
  currency: string;
  /** of plans and seats, by accrual, less what codes took off and what was not used */
  plans: string;
  /** use beyond limits, by accrual */
  overage: string;
  /** given back in the span, below zero */
  refunds: string;
  revenue: string;
  /** null where costs have another currency: nothing is converted */
  cost: string | null;
  margin: string | null;
  /** of the revenue */
  margin_percent: string | null;
  /** of the cost: how much more is paid than it cost */
  markup_percent: string | null;
}

type Sums = Pick<MarginRow, 'name' | 'currency' | 'plans' | 'overage' | 'refunds' | 'cost'>;

/**
 * Revenue less cost, by plan or customer, the least first. Revenue is by accrual: each line of an invoice that is open or paid counts for
 * the share of its period, in instants, that lies in the span; one without a period when it was issued. Taxes are none of it.
 * A line belongs to the plan of its period, cost to the plan that the use was recorded on.
 */
export async function listMargins(db: Db, { from, to }: Span, by: 'plan' | 'customer'): Promise<MarginRow[]> {
  const sums = await db<Sums[]>`
    with lines as (
      select case when ${by} = 'customer' then i.customer_id else coalesce(g.plan_id, s.plan_id) end as name, i.currency, l.kind,
             l.amount * case when p.until > p.since then extract(epoch from least(p.until, ${to}) - greatest(p.since, ${from})) / extract(epoch from p.until - p.since) else 1 end as part
        from subctl.invoices i
        join subctl.invoice_lines l on l.customer_id = i.customer_id and l.invoice_id = i.id and l.kind <> 'tax'
       cross join lateral (select coalesce(l.period_start, i.period_start, i.issued_at) as since, coalesce(l.period_end, i.period_end, i.issued_at) as until) p
        left join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id
        left join lateral (
          select x.plan_id from subctl.subscription_segments x
           where x.customer_id = s.customer_id and x.subscription_id = s.id
             and case when l.kind = 'overage' or l.kind = 'unused' or l.kind = 'proration' and l.amount < 0
                      then x.from_at < case when l.kind = 'overage' then p.until else p.since end else x.from_at <= p.since end
           order by x.from_at desc limit 1) g on true
       where i.status in ('open', 'paid')
         and case when p.until > p.since then p.since < ${to} and p.until > ${from} else i.issued_at >= ${from} and i.issued_at < ${to} end
    ), back as (
      select case when ${by} = 'customer' then r.customer_id else s.plan_id end as name, r.currency, -r.amount as part
        from subctl.refunds r
        join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
        left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
        left join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id
       where r.status = 'refunded' and r.at >= ${from} and r.at < ${to}
    ), spent as (
      select case when ${by} = 'customer' then e.customer_id else e.plan_id end as name, coalesce(subctl.setting('cost_currency'), 'USD') as currency, sum(e.cost) as cost
        from subctl.usage_events e where e.at >= ${from} and e.at < ${to} group by 1
    ), everything as (
      select name, currency, sum(part) filter (where kind <> 'overage') as plans, sum(part) filter (where kind = 'overage') as overage, null::numeric as refunds, null::numeric as cost
        from lines group by 1, 2
      union all select name, currency, null, null, sum(part), null from back group by 1, 2
      union all select name, currency, null, null, null, cost from spent where cost <> 0
    )
    select name, currency, ${rounded(db, 'plans')}, ${rounded(db, 'overage')}, ${rounded(db, 'refunds')},
           case when currency = coalesce(subctl.setting('cost_currency'), 'USD') then trim_scale(round(coalesce(sum(cost), 0), subctl.currency_scale(currency)))::text end as cost
      from everything group by name, currency`;
  return sums.map(marginOf).sort(leastFirst);
}

const rounded = (db: Db, column: 'plans' | 'overage' | 'refunds') =>
  db`trim_scale(round(coalesce(sum(${db(column)}), 0), subctl.currency_scale(currency)))::text as ${db(column)}`;

/** The sums that are shown add up to the cent: what is derived is derived from them. */
export function marginOf(sums: Sums): MarginRow {
  const { plans, overage, refunds, cost } = sums;
  const revenue = new Big(plans).plus(overage).plus(refunds);
  const margin = cost === null ? null : revenue.minus(cost);
  const percentOf = (base: Big) =>
    margin === null || base.lte(0) ? null : margin.times(100).div(base).round(2, Big.roundHalfUp).toFixed();
  return {
    ...sums,
    revenue: revenue.toFixed(),
    margin: margin?.toFixed() ?? null,
    margin_percent: percentOf(revenue),
    markup_percent: percentOf(new Big(cost ?? 0)),
  };
}

function leastFirst(a: MarginRow, b: MarginRow): number {
  if (a.currency !== b.currency) return a.currency < b.currency ? -1 : 1;
  const difference = new Big(a.margin ?? 0).cmp(b.margin ?? 0);
  return difference !== 0 ? difference : (a.name ?? '~') < (b.name ?? '~') ? -1 : 1;
}
