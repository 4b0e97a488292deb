-- Adds an amount (may be negative) to every window of a meter that contains p_at. An open window changes; a closed one
-- gets an adjustment that names the event and the reason (R13). Rolling totals follow. Returns the changed windows.
-- The caller has locked the customer.
create or replace function subctl_internal.move_usage(
  p_customer text, p_meter text, p_event uuid, p_at timestamptz, p_member text, p_session text, p_amount numeric,
  p_as_of timestamptz, p_reason text) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_windows jsonb := '[]';
  v_window record;
begin
  for v_window in
    select x."window" as win, x.scope, x.subject, x.window_start, x.window_end, x.closed_at, x.slot
      from (select null::int as slot, c."window", c.scope, c.subject, c.window_start, c.window_end, c.closed_at
              from subctl.usage_counters c where c.customer_id = p_customer and c.meter_id = p_meter
            union all
            select o.slot::int, mw."window", mw.scope, '', o.starts, o.ends, null
              from subctl.customer_windows s
             cross join lateral unnest(s.ids, s.starts, s.ends) with ordinality o(id, starts, ends, slot)
              join subctl.meter_windows mw on mw.id = o.id and mw.meter_id = p_meter
             where s.customer_id = p_customer) x
     where x."window" !~ '^(rolling|each)' and x.window_start <= p_at and x.window_end > p_at
       and x.subject = case when x."window" = 'session' then p_session when x.scope = 'member' then p_member else '' end
     order by x."window" collate "C", x.scope
  loop
    if v_window.slot is not null then
      update subctl.usage_totals t set used[v_window.slot] = t.used[v_window.slot] + p_amount
       where t.customer_id = p_customer;
    elsif v_window.closed_at is null then
      update subctl.usage_counters c set used = c.used + p_amount
       where c.customer_id = p_customer and c.meter_id = p_meter and c."window" = v_window.win
         and c.scope = v_window.scope and c.subject = v_window.subject and c.window_start = v_window.window_start;
    else
      insert into subctl.usage_adjustments (customer_id, id, meter_id, "window", scope, subject, window_start, event_id,
                                            event_at, amount, recorded_at, reason)
      values (p_customer, subctl_internal.uuid7(p_as_of), p_meter, v_window.win, v_window.scope, v_window.subject,
              v_window.window_start, p_event, p_at, p_amount, p_as_of, p_reason);
    end if;
    v_windows := v_windows || jsonb_build_object(
      'meter', p_meter, 'window', v_window.win, 'scope', v_window.scope, 'subject', nullif(v_window.subject, ''),
      'window_start', subctl_internal.iso(v_window.window_start),
      'window_end', subctl_internal.iso(v_window.window_end),
      'amount', trim_scale(p_amount)::text, 'closed', v_window.closed_at is not null);
  end loop;
  perform subctl_internal.add_rolling_total(p_customer, p_meter, x.subject, p_at, p_amount)
     from (select distinct k.subject from subctl.usage_rolling_totals k
            where k.customer_id = p_customer and k.meter_id = p_meter and k.subject in ('', p_member)) x;
  return v_windows;
end $$;
