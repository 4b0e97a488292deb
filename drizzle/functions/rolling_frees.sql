-- The first instant at which `needed` more fits a rolling window: when enough of what is in it now has fallen out (W20).
create or replace function subctl.rolling_frees(
  customer text, meter text, at timestamptz, span interval, since timestamptz, excess numeric) returns timestamptz
language sql stable parallel safe as $$
  select m.at + $4
    from subctl.usage_marks m
   where m.customer_id = $1 and m.meter_id = $2 and m.at <= $3 and m.at > $3 - $4
     and m.cum - coalesce((select b.cum from subctl.usage_marks b where b.customer_id = $1 and b.meter_id = $2
                              and case when $5 > $3 - $4 then b.at < $5 else b.at <= $3 - $4 end
                            order by b.at desc, b.id desc limit 1), 0) >= $6
   order by m.at, m.id limit 1
$$;
