-- Gives every window with what it says (used, late adjustments included) and what its events say (counted). Windows
-- that began before the oldest event kept are left out, and so are rolling windows, whose running totals have a check
-- of their own, and windows of single uses, which only say what was refused. How often a use was refused is stored in
-- the window alone and cannot be recounted. One sweep: events and window bounds of a customer and meter are put in
-- order of time with a running total, so a window counts the total at its end less that at its start. The work grows
-- with events plus windows, not with their product (R1, R13).
create or replace view subctl.recounted_windows as
with kept as (select subctl_internal.events_kept_from() as since,
                     make_interval(hours => 24 * coalesce(subctl_internal.setting('lateness_days')::int, 35))
                       as lateness),
windows as (
  select w.customer_id, w.meter_id, w."window", w.scope, w.subject, w.window_start,
         max(w.window_end) as window_end, sum(w.used) as used,
         case when w."window" = 'session' then 's' when w.scope = 'member' then 'm' else '' end
         || w.subject as whose
    from (select s.customer_id, s.meter_id, s."window", s.scope, s.subject, s.window_start, s.window_end, s.used
            from subctl.open_slots s
          union all
          select c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start, c.window_end, c.used
            from subctl.usage_counters c
          union all
          select a.customer_id, a.meter_id, a."window", a.scope, a.subject, a.window_start, null, a.amount
            from subctl.usage_adjustments a) w
    join subctl.customers c on c.id = w.customer_id
   cross join kept
   where w."window" not like 'rolling%' and w."window" <> 'each'
     and greatest(w.window_start, c.created_at - kept.lateness) >= kept.since
   group by 1, 2, 3, 4, 5, 6
), counted_for as (
  select distinct customer_id, meter_id, whose from windows
), moments as (
  select f.customer_id, f.meter_id, f.whose, e.at, e.amount, null::text as "window", null::text as scope,
         null::timestamptz as window_start, 0 as sign
    from subctl.meters m
   cross join kept
   cross join lateral subctl_internal.events_on_meter(m.id, kept.since, 'infinity') e
    join counted_for f on f.customer_id = e.customer_id and f.meter_id = m.id
     and f.whose in ('', 'm' || e.member_id, 's' || e.session_id)
   where e.amount <> 0
  union all
  select w.customer_id, w.meter_id, w.whose, b.at, 0, w."window", w.scope, w.window_start, b.sign
    from windows w
   cross join lateral (values (w.window_start, -1), (coalesce(w.window_end, 'infinity'), 1)) b(at, sign)
), totals as (
  -- a bound comes before the events of its own instant: they lie in the window that starts there (R1)
  select m.*, sum(m.amount) over w as total
    from moments m
  window w as (partition by m.customer_id, m.meter_id, m.whose order by m.at, m.sign = 0 rows unbounded preceding)
), counts as (
  select t.customer_id, t.meter_id, t.whose, t."window", t.scope, t.window_start, sum(t.sign * t.total) as counted
    from totals t where t.sign <> 0 group by 1, 2, 3, 4, 5, 6
)
select w.customer_id, w.meter_id, w."window", w.scope, w.subject, w.window_start, w.window_end, w.used, c.counted
  from windows w
  join counts c on c.customer_id = w.customer_id and c.meter_id = w.meter_id and c.whose = w.whose
   and c."window" = w."window" and c.scope = w.scope and c.window_start = w.window_start;
