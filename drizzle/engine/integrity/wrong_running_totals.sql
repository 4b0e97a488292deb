-- Lists instants at which the running total of a rolling window does not grow as the events say: amount by which it
-- grows (null: no total there) and the expected one. The first total that is kept carries what came before it; from
-- there on every event has one (R7).
create or replace view subctl.wrong_running_totals as
with kept as (select subctl_internal.events_kept_from() as since),
firsts as (
  select m.customer_id, m.meter_id, m.subject, min(m.at) as at from subctl.usage_rolling_totals m cross join kept
   where m.at >= kept.since group by 1, 2, 3
), marked as (
  select m.customer_id, m.meter_id, m.subject, m.at,
         m.cum - lag(m.cum) over (partition by m.customer_id, m.meter_id, m.subject order by m.at) as amount
    from subctl.usage_rolling_totals m cross join kept where m.at >= kept.since
), used as (
  select f.customer_id, f.meter_id, f.subject, e.at, sum(e.amount) as amount
    from (select distinct meter_id from firsts) m
   cross join kept
   cross join lateral subctl_internal.events_on_meter(m.meter_id, kept.since, 'infinity') e
    join firsts f on f.customer_id = e.customer_id and f.meter_id = m.meter_id and e.at > f.at
     and f.subject in ('', e.member_id)
   where e.amount <> 0
   group by 1, 2, 3, 4
)
select coalesce(m.customer_id, u.customer_id) as customer_id, coalesce(m.meter_id, u.meter_id) as meter_id,
       coalesce(m.subject, u.subject) as subject,
       coalesce(m.at, u.at) as at, m.amount, coalesce(u.amount, 0) as expected
  from (select * from marked where amount is not null) m
  full join used u on u.customer_id = m.customer_id and u.meter_id = m.meter_id and u.subject = m.subject
   and u.at = m.at
 -- where nothing was used a total may exist or not
 where coalesce(m.amount, 0) <> coalesce(u.amount, 0);
