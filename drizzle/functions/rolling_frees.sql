-- The first instant at which a rolling window has room again: when `excess` of what is in it now has fallen out (W20). Null if never.
create or replace function subctl.rolling_frees(
  customer text, meter text, subject text, at timestamptz, span interval, since timestamptz, excess numeric) returns timestamptz
language sql stable parallel safe as $$
  select m.at + $5
    from subctl.usage_marks m
   where m.customer_id = $1 and m.meter_id = $2 and m.subject = $3 and m.at <= $4 and m.at > $4 - $5 and m.at >= $6
     and m.cum - coalesce((select b.cum from subctl.usage_marks b where b.customer_id = $1 and b.meter_id = $2 and b.subject = $3
                              and case when $6 > $4 - $5 then b.at < $6 else b.at <= $4 - $5 end
                            order by b.at desc limit 1), 0) >= $7
   order by m.at limit 1
$$;
