import Big from 'big.js';
import { compareText } from '../domain/compare.ts';
import type { Db } from '../database/connect.ts';
import { lostDisputes } from './lost-disputes.ts';
import { scaleOf } from '../domain/currency.ts';
import { findSums, usesOf } from './event-sums.ts';
import { roundOnce } from './round-once.ts';
import type { Span } from './span.ts';

/** What customers paid for a span and what they cost in it, in one currency, rounded to its payable unit. */
export interface MarginRow {
  /** the plan or the customer; null: invoices without a subscription, uses without a plan */
  name: string | null;
  currency: string;
  /** of plans and seats, by accrual, less discounts and unused parts */
  plans: string;
  /** use beyond limits, by accrual */
  overage: string;
  /** refunded in the span, and withdrawn by disputes that were lost in it, negative */
  refunds: string;
  revenue: string;
  /** null where costs have another currency: no conversion */
  cost: string | null;
  margin: string | null;
  /** of the revenue */
  margin_percent: string | null;
  /** markup in percent of the cost */
  markup_percent: string | null;
}

type Sums = Pick<MarginRow, 'name' | 'currency' | 'plans' | 'overage' | 'refunds' | 'cost'>;

/**
 * Computes revenue less cost, by plan or customer, the lowest margin first. Revenue is by accrual: each line of an invoice that is open or
 * paid at the span's end counts for the share of its period, in instants, that lies in the span; a line without a period counts when it
 * was issued. A pause with a stopped clock is not part of a period: the rest of the period follows it. Taxes are excluded. A line belongs
 * to the plan of its period (R29a), cost to the plan that the use was recorded on. Each sum over all rows of a currency is rounded once
 * and split over them (R27).
 */
export async function listMargins(db: Db, { from, to }: Span, by: 'plan' | 'customer'): Promise<MarginRow[]> {
  const uses =
    by === 'customer' ? customersOf(db, { from, to }) : usesOf(db, await findSums(db, { from, to }));
  const position = (at: Date) => positionAt(db, at);
  const sums = await db<Sums[]>`
    with paused as materialized (
      select distinct g.customer_id, g.subscription_id from subctl.subscription_phases g where g.pause_clock = 'stops'
    ), lines as (
      select case when ${by} = 'customer' then i.customer_id else coalesce(g.plan_id, i.plan_id) end as name, i.currency, l.kind,
             round(l.amount * case when p.until > p.since then extract(epoch from ${position(to)} - ${position(from)}) / extract(epoch from p.until - p.since) else 1 end, 20) as part
        from subctl.invoices i
        join subctl.invoice_lines l on l.customer_id = i.customer_id and l.invoice_id = i.id and l.kind <> 'tax'
       cross join lateral (select coalesce(l.period_start, i.period_start, i.issued_at) as since, coalesce(l.period_end, i.period_end, i.issued_at) as until) p
        left join paused s on s.customer_id = i.customer_id and s.subscription_id = i.subscription_id
        -- what ended with the line's period, or before its invoice: the plan is the one that the subscription had then
        left join lateral (
          select x.plan_id from subctl.subscription_phases x
           where x.customer_id = i.customer_id and x.subscription_id = i.subscription_id
             and (l.kind in ('overage', 'unused') or l.kind = 'proration' and l.amount < 0)
             and x.from_at < case when l.kind = 'overage' then p.until else p.since end
           order by x.from_at desc limit 1) g on true
       where (i.status in ('open', 'paid') or i.status = 'void' and i.voided_at >= ${to})
         and case when p.until > p.since then p.since < ${to} and (p.until > ${from} or s.customer_id is not null) else i.issued_at >= ${from} and i.issued_at < ${to} end
    ), back as (
      select case when ${by} = 'customer' then r.customer_id else i.plan_id end as name, r.currency, -r.amount as part
        from subctl.refunds r
        join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
        left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
       where r.status = 'refunded' and r.at >= ${from} and r.at < ${to}
      union all
      select case when ${by} = 'customer' then d.customer_id else i.plan_id end, d.currency, -d.amount
        from (${lostDisputes(db, { from, to })}) d
        left join subctl.invoices i on i.customer_id = d.customer_id and i.id = d.invoice_id
    ), spent as (
      select u.${db(by === 'customer' ? 'customer_id' : 'plan_id')} as name, coalesce(subctl_internal.setting('cost_currency'), 'USD') as currency, sum(u.cost) as cost
        from ${uses} u group by 1
    ), everything as (
      select name, currency, part as plans, null::numeric as overage, null::numeric as refunds, null::numeric as cost from lines where kind <> 'overage' and part <> 0
      union all select name, currency, null, part, null, null from lines where kind = 'overage'
      union all select name, currency, null, null, part, null from back
      union all select name, currency, null, null, null, cost from spent where cost <> 0
    )
    select name, currency, coalesce(sum(plans), 0)::text as plans, coalesce(sum(overage), 0)::text as overage, coalesce(sum(refunds), 0)::text as refunds,
           case when currency = coalesce(subctl_internal.setting('cost_currency'), 'USD') then coalesce(sum(cost), 0)::text end as cost
      from everything group by name, currency order by name`;
  return roundOnce(sums, ['plans', 'overage', 'refunds', 'cost']).map(marginOf).sort(leastFirst);
}

const customersOf = (db: Db, { from, to }: Pick<Span, 'from' | 'to'>) =>
  db`(select e.customer_id, e.cost from subctl.usage_events e where e.at >= ${from} and e.at < ${to})`;

/** SQL: the elapsed share of a line's period at an instant, between its ends; `s` exists where the subscription was ever paused. */
const positionAt = (db: Db, at: Date) => db`
  least(greatest(${at}::timestamptz - case when s.customer_id is null then interval '0'
    else subctl_internal.paused_time(i.customer_id, i.subscription_id, p.since, greatest(p.since, ${at}::timestamptz), 'UTC') end, p.since), p.until)`;

/** Makes the shown sums add up to the cent: derived amounts are derived from them. */
export function marginOf(sums: Sums): MarginRow {
  const { plans, overage, refunds, cost, currency } = sums;
  const scale = scaleOf(currency);
  const revenue = new Big(plans).plus(overage).plus(refunds);
  const margin = cost === null ? null : revenue.minus(cost);
  const percentOf = (base: Big) =>
    margin === null || base.lte(0) ? null : margin.times(100).div(base).round(2, Big.roundHalfUp).toFixed();
  return {
    ...sums,
    revenue: revenue.toFixed(scale),
    margin: margin?.toFixed(scale) ?? null,
    margin_percent: percentOf(revenue),
    markup_percent: percentOf(new Big(cost ?? 0)),
  };
}

function leastFirst(a: MarginRow, b: MarginRow): number {
  return (
    compareText(a.currency, b.currency) ||
    new Big(a.margin ?? 0).cmp(b.margin ?? 0) ||
    compareText(a.name ?? '~', b.name ?? '~')
  );
}
