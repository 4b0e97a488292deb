import type { Db } from '../database/connect.ts';

/** SQL: price times seats of `row`, which has an interval, per month: a year is twelve months, a month 30.4375 days. */
export const perMonth = (db: Db, row: 's' | 'x') => db`
  ${db(row)}.price * ${db(row)}.quantity / substring(${db(row)}.every from '^[0-9]+')::numeric
  * case substring(${db(row)}.every from '[a-z]+$') when 'mo' then 1 when 'y' then 1 / 12::numeric when 'w' then 30.4375 / 7 else 30.4375 end`;

/**
 * SQL: the paying subscriptions at an instant, by their dates, with the plan, price and interval of that time (R29a): those of the
 * subscription where it still has them, those that it takes next where they were in effect, else those of the catalogue.
 */
export const payingAt = (db: Db, at: Date) => db`
  select e.customer_id, e.plan_id, s.currency, s.quantity, coalesce(t.every, s.every) as every,
         case when t.head then s.price when t.next then s.pending_price else p.amount end as price
    from subctl_internal.standings(${at}, array(select distinct x.customer_id from subctl.subscriptions x
            where x.collection in ('invoice', 'charge', 'stripe') and x.started_at <= ${at})) e
    join subctl.subscriptions s on s.customer_id = e.customer_id and s.id = e.subscription_id and s.collection in ('invoice', 'charge', 'stripe')
    left join lateral (
      select x.every from subctl.subscription_phases x
       where x.customer_id = s.customer_id and x.subscription_id = s.id and x.from_at <= ${at} order by x.from_at desc limit 1) g on true
   cross join lateral (
     select (e.plan_id, e.version, coalesce(g.every, s.every)) = (s.plan_id, s.version, s.every) as head,
            coalesce((e.plan_id, e.version) = (s.pending_plan_id, s.pending_version) and s.current_period_end <= ${at}, false) as next) n
   cross join lateral (
     select n.head and not n.next as head, n.next, case when n.next then coalesce(s.pending_every, s.every) else g.every end as every) t
    left join subctl.plan_prices p on p.plan_id = e.plan_id and p.version = e.version and p."interval" = t.every and p.currency = s.currency
   where e.basis = 'subscription' and e.status in ('active', 'past_due')`;
