import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';

/** The billing of one period. Amounts are in the invoice's currency; the cost of its use is in that of the settings. */
export interface BilledPeriod {
  period_start: Date | null;
  period_end: Date | null;
  invoice: string;
  status: string;
  /** the plan's price, less the unused part of the previous one */
  base: string;
  /** use beyond limits that allow overage */
  overage: string;
  /** discounts, not above 0 */
  discount: string;
  total: string;
  paid: string;
  refunded: string;
  /** withdrawn by lost disputes */
  disputed: string;
  currency: string;
  /** the cost of the period's use by the price list; not charged */
  usage_cost: string;
  cost_currency: string;
}

/**
 * Lists the billed periods of a customer, newest first: base, usage, overage and total of each. Only the partitions of their time are
 * planned. @throws Failure not_found
 */
export async function listBilledPeriods(
  db: Db,
  { customer, limit }: { customer: string; limit: number },
): Promise<BilledPeriod[]> {
  await needCustomer(db, customer);
  const [span] = await db<[{ from: string | null; to: string | null }]>`
    select min(i.period_start)::text as from, max(i.period_end)::text as to
      from (select * from subctl.invoices x where x.customer_id = ${customer} order by x.issued_at desc, x.number desc limit ${limit}) i`;
  return db<BilledPeriod[]>`
    select i.period_start, i.period_end, i.number as invoice, i.status, trim_scale(l.base)::text as base, trim_scale(l.overage)::text as overage,
           trim_scale(l.discount)::text as discount, trim_scale(i.total)::text as total, trim_scale(m.paid)::text as paid, trim_scale(m.refunded)::text as refunded,
           trim_scale(m.disputed)::text as disputed, i.currency, trim_scale(u.cost)::text as usage_cost, coalesce(subctl_internal.setting('cost_currency'), 'USD') as cost_currency
      from subctl.invoices i
     cross join lateral (
       select coalesce(sum(x.amount) filter (where x.kind not in ('overage', 'discount')), 0) as base,
              coalesce(sum(x.amount) filter (where x.kind = 'overage'), 0) as overage, coalesce(sum(x.amount) filter (where x.kind = 'discount'), 0) as discount
         from subctl.invoice_lines x where x.customer_id = i.customer_id and x.invoice_id = i.id) l
     cross join lateral (
       select coalesce(sum(k.paid), 0) as paid, coalesce(sum(k.refunded), 0) as refunded, coalesce(sum(k.disputed), 0) as disputed
         from subctl.net_payments k where k.customer_id = i.customer_id and k.invoice_id = i.id) m
     cross join lateral (
       select coalesce(sum(e.cost), 0) as cost from subctl.usage_events e
        where e.customer_id = ${customer} and e.at >= i.period_start and e.at < i.period_end
          and e.at >= ${span.from}::timestamptz and e.at < ${span.to}::timestamptz) u
     where i.customer_id = ${customer}
     order by i.issued_at desc, i.number desc
     limit ${limit}`;
}
