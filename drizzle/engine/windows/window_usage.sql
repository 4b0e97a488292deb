-- Lists every counted window: the open ones of customer_windows and the rows of usage_counters, with adjustments by
-- late events after a window closed. All reports on windows read this view.
create or replace view subctl.window_usage as
select s.customer_id, w.meter_id, w."window", w.scope, '' as subject, o.window_start, o.window_end, o.used, o.refused,
       null::numeric as limit_value, null::timestamptz as closed_at, 0::numeric as adjusted
  from subctl.customer_windows s
  join subctl.usage_totals t on t.customer_id = s.customer_id
 cross join lateral unnest(s.ids, s.starts, s.ends, t.used, s.refused) o(id, window_start, window_end, used, refused)
  join subctl.meter_windows w on w.id = o.id
union all
select c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start, c.window_end, c.used, c.refused,
       c.limit_value, c.closed_at,
       case when c.closed_at is null then 0
            else coalesce((select sum(a.amount) from subctl.usage_adjustments a
                            where a.customer_id = c.customer_id and a.meter_id = c.meter_id and a."window" = c."window"
                              and a.scope = c.scope and a.subject = c.subject and a.window_start = c.window_start),
                                0) end
  from subctl.usage_counters c;
