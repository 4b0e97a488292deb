-- Ends pauses, each at its instant. Where the clock stood still the period's end moves by the time of the pause, and so do the credits
-- and windows that end with it, and its term's end; else a period that has run out meanwhile ends here, and the next one begins. Coming periods are counted
-- from the new end. Rows that are not paused are left alone. The caller has locked the customers. Returns how many have resumed.
create or replace function subctl.resume_subscriptions(
  customers text[], subscriptions uuid[], resumed_at timestamptz[], reason text, as_of timestamptz, change text) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  r record;
  v_rows int := 0;
begin
  for r in
    select s.customer_id, s.id, t.at, s.pause_clock, s.trial_end > s.paused_at as trying,
           case when s.pause_clock is distinct from 'runs' and s.resumes_at is null then 'infinity' else s.current_period_end end as was,
           case when s.pause_clock = 'runs' then least(greatest(s.current_period_end, t.at), s.ends_at)
                else subctl.shift_instant(s.current_period_end, coalesce(s.resumes_at, s.paused_at), t.at) end as ends
      from unnest($1, $2, $3) t(customer_id, id, at)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.id and s.status = 'paused'
     order by 1
  loop
    update subctl.subscriptions s
       set status = case when r.trying then 'trialing' else 'active' end, from_at = r.at, current_period_end = r.ends,
           trial_end = case when r.trying then r.ends else s.trial_end end,
           ends_at = case when r.pause_clock = 'runs' then s.ends_at else subctl.shift_instant(s.ends_at, s.current_period_end, r.ends) end, paused_at = null, resumes_at = null, pause_clock = null,
           epoch = s.epoch + 1, change_id = $6
     where s.customer_id = r.customer_id and s.id = r.id;
    insert into subctl.subscription_segments (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor,
      anchor_timezone, period_start, period_end, cause, reason, written_at, change_id)
    select s.customer_id, s.id, s.from_at, 'paused', s.status, s.plan_id, s.version, s.every, s.anchor, s.anchor_timezone, s.current_period_start,
           s.current_period_end, 'resume', $4, $5, $6
      from subctl.subscriptions s where s.customer_id = r.customer_id and s.id = r.id
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, period_end = excluded.period_end, clock_stops = false, pause_clock = null, cause = excluded.cause, reason = excluded.reason,
          written_at = excluded.written_at, change_id = excluded.change_id;
    if r.pause_clock is distinct from 'runs' and r.ends <> r.was then perform subctl.move_period_end(r.customer_id, r.id, r.was, r.ends); end if;
    v_rows := v_rows + 1;
  end loop;
  return v_rows;
end $$;
