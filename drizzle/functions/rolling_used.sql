-- What was used of a meter in (at - span, at], and since `since` when that is later: the difference of two running totals (R7).
create or replace function subctl.rolling_used(customer text, meter text, at timestamptz, span interval, since timestamptz) returns numeric
language sql stable parallel safe as $$
  select coalesce((select m.cum from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2 and m.at <= $3
                    order by m.at desc, m.id desc limit 1), 0)
       - coalesce((select m.cum from subctl.usage_marks m where m.customer_id = $1 and m.meter_id = $2
                      and case when $5 > $3 - $4 then m.at < $5 else m.at <= $3 - $4 end
                    order by m.at desc, m.id desc limit 1), 0)
$$;
