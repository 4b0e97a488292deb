-- Ends pauses, each at its instant. After a stopped clock the period's end moves by the length of the pause, with the
-- credits and windows that end with it, and the term's end. After a running clock a period that is over ends here, and
-- the next one begins. Coming periods are counted from the new end. Rows that are not paused are left alone. The
-- caller has locked the customers. Returns how many have resumed.
create or replace function subctl_internal.resume_subscriptions(
  p_customers text[], p_subscriptions uuid[], p_resumed_at timestamptz[], p_reason text, p_as_of timestamptz,
  p_change text) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_resumed record;
  v_rows int := 0;
begin
  for v_resumed in
    select s.customer_id, s.id, t.at, s.pause_clock, s.trial_end > s.paused_at as trying,
           case when s.pause_clock is distinct
           from 'runs' and s.resumes_at is null then 'infinity' else s.current_period_end end as was,
           case when s.pause_clock = 'runs' then least(greatest(s.current_period_end, t.at), s.ends_at)
                else subctl_internal.shift_instant(s.current_period_end, coalesce(s.resumes_at, s.paused_at), t.at) end
                  as ends
      from unnest(p_customers, p_subscriptions, p_resumed_at) t(customer_id, id, at)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.id and s.status = 'paused'
     order by 1
  loop
    update subctl.subscriptions s
       set status = case when v_resumed.trying then 'trialing' else 'active' end, from_at = v_resumed.at,
           current_period_end = v_resumed.ends,
           trial_end = case when v_resumed.trying then v_resumed.ends else s.trial_end end,
           ends_at = case when v_resumed.pause_clock = 'runs' then s.ends_at
                     else subctl_internal.shift_instant(s.ends_at, s.current_period_end, v_resumed.ends) end,
                     paused_at = null, resumes_at = null, pause_clock = null,
           epoch = s.epoch + 1, change_id = p_change
     where s.customer_id = v_resumed.customer_id and s.id = v_resumed.id;
    insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                              version, every, anchor,
      anchor_timezone, period_start, period_end, cause, reason, written_at, change_id)
    select s.customer_id, s.id, s.from_at, 'paused', s.status, s.plan_id, s.version, s.every, s.anchor,
           s.anchor_timezone, s.current_period_start,
           s.current_period_end, 'resume', p_reason, p_as_of, p_change
      from subctl.subscriptions s where s.customer_id = v_resumed.customer_id and s.id = v_resumed.id
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, period_end = excluded.period_end, clock_stops = false, pause_clock = null,
          cause = excluded.cause, reason = excluded.reason,
          written_at = excluded.written_at, change_id = excluded.change_id;
    if v_resumed.pause_clock is distinct from 'runs' and v_resumed.ends <> v_resumed.was then
      perform subctl_internal.move_period_end(v_resumed.customer_id, v_resumed.id, v_resumed.was, v_resumed.ends);
    end if;
    v_rows := v_rows + 1;
  end loop;
  return v_rows;
end $$;
