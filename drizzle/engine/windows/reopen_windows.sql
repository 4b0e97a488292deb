-- Reopens the windows of a period that a plan has just continued (R32, period_before). What was counted between is
-- counted in them too; windows of the plan between keep their rows. The caller has locked the customers, flushed their
-- windows and written the subscriptions.
create or replace function subctl_internal.reopen_windows(customers text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_window record;
begin
  for v_window in
    select c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start, upper(w.span) as ends
      from subctl.subscriptions s
      join subctl.usage_counters c on c.customer_id = s.customer_id and c.window_start < s.from_at
       and c."window" not in ('lifetime', 'session', 'each') and c."window" not like 'rolling%'
      join subctl.meters m on m.id = c.meter_id
     cross join lateral subctl_internal.window_kind(c."window") k
     cross join lateral (
       select subctl_internal.limit_window(s.customer_id, k.kind, k.n, m.tier is distinct from 'free', s.from_at,
                                           s.anchor, s.anchor_timezone, s.current_period_start, s.current_period_end,
                                           s.usage_reset_at) as span) w
     where s.customer_id = any ($1) and s.status = 'active' and s.current_period_start < s.from_at
       and c.window_start = lower(w.span) and c.window_end < upper(w.span)
  loop
    perform subctl_internal.reopen_window(v_window.customer_id, v_window.meter_id, v_window."window", v_window.scope,
                                          v_window.subject, v_window.window_start, v_window.ends);
  end loop;
  -- the next use finds these windows and ends none at the start of the period
  update subctl.customer_windows u
     set subscription_id = s.id, epoch = s.epoch, plan_id = s.plan_id, version = s.version,
         credits_due_at = '-infinity',
         uncounted_until = greatest(u.uncounted_until, subctl_internal.uncounted_until(s.customer_id, s.plan_id,
                                                                                       s.version))
    from subctl.subscriptions s
   where s.customer_id = any ($1) and u.customer_id = s.customer_id and s.status = 'active'
     and s.current_period_start < s.from_at;
end $$;
