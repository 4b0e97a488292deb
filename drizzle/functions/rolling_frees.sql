-- The first instant at which a rolling window has room again: when `excess` of what is in it now has fallen out (W20). Null if never.
-- Where a meter has no totals yet, the events say it.
create or replace function subctl.rolling_frees(
  customer text, meter text, subject text, at timestamptz, span interval, since timestamptz, excess numeric) returns timestamptz
language sql stable parallel safe as $$
  select coalesce((
    select m.at + $5
      from subctl.usage_marks m
     where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at <= $4 and m.at > $4 - $5 and m.at >= $6
       and m.cum - coalesce((select b.cum from subctl.usage_marks b where b.customer_id = $1 and b.meter_id = $2 and b.subject = $3
                                and case when $6 > $4 - $5 then b.at < $6 else b.at <= $4 - $5 end
                              order by b.at desc limit 1), 0) >= $7
     order by m.at limit 1), (
    select e.at + $5
      from (select x.at, sum(x.amount) over (order by x.at) as cum
              from subctl.metered_events($1, $2, nullif($3, ''), greatest($4 - $5 + interval '1 microsecond', $6), $4 + interval '1 microsecond') x) e
     where e.cum >= $7 and not exists (select 1 from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3)
     order by e.at limit 1))
$$;
