-- Checks the arrays of customer_windows and usage_totals against each other, against meter_windows and against the
-- customer's subscriptions.
create or replace view subctl.integrity_open_windows as
with slots as (
  select s.customer_id, s.next_end, o.id, o.starts, o.ends, o.used, o.refused, w.id as known,
         count(*) over (partition by s.customer_id, o.id) as times
    from subctl.customer_windows s
    join subctl.usage_totals t on t.customer_id = s.customer_id
   cross join lateral unnest(s.ids, s.starts, s.ends, t.used, s.refused) o(id, starts, ends, used, refused)
    left join subctl.meter_windows w on w.id = o.id
)
select s.customer_id, 'lists of open windows' as subject, cardinality(s.ids) || ' of each' as expected,
       concat_ws(', ', cardinality(s.ids), cardinality(s.starts), cardinality(s.ends), cardinality(t.used),
                 cardinality(s.refused)) as found
  from subctl.customer_windows s
  join subctl.usage_totals t on t.customer_id = s.customer_id
 where array[cardinality(s.starts), cardinality(s.ends), cardinality(t.used),
       cardinality(s.refused)] <> array_fill(cardinality(s.ids), array[4])
union all
select customer_id, 'number of an open window', 'a meter and its window, once',
       coalesce(id::text, 'null') || case when known is null then ', unknown' else ' twice' end
  from slots where known is null or times > 1
union all
select customer_id, 'bounds of open window ' || id, 'start before end',
       coalesce(subctl_internal.iso(starts), 'null') || ' to ' || coalesce(subctl_internal.iso(ends), 'null')
  from slots where not coalesce(starts < ends, false)
union all
select customer_id, 'counts of open window ' || id, '0 or more',
       concat_ws(' used, ', coalesce(used::text, 'null'), coalesce(refused::text, 'null') || ' refused')
  from slots where not coalesce(used >= 0 and refused >= 0, false)
union all
select s.customer_id, 'soonest end of the open windows', coalesce(subctl_internal.iso(e.ends), 'none'),
       coalesce(subctl_internal.iso(s.next_end), 'none')
  from subctl.customer_windows s cross join lateral (select min(x) as ends from unnest(s.ends) x) e
 where s.next_end is distinct from e.ends
union all
select s.customer_id, 'subscription of the open windows', 'one of the customer', s.subscription_id::text
  from subctl.customer_windows s
 where s.subscription_id is not null
   and not exists (select 1 from subctl.subscriptions x
                    where x.customer_id = s.customer_id and x.id = s.subscription_id);
comment on view subctl.integrity_open_windows is
  'R1: The row of open windows has lists of equal length, known windows once each, start before end, and the '
  'earliest end';
