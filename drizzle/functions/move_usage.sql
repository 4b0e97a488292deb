-- Adds an amount (or takes one away) to every window of a meter that contains an instant, wherever the window is kept: an open one changes,
-- a closed one gets an adjustment that names the event and the reason (R13). Rolling totals follow. Returns the windows it changed. The
-- caller holds the customer's lock.
create or replace function subctl.move_usage(customer text, meter text, event uuid, at timestamptz, member text, session text, amount numeric,
  as_of timestamptz, reason text) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_meter alias for $2; p_event alias for $3; p_at alias for $4; p_member alias for $5; p_amount alias for $7;
  v_windows jsonb := '[]';
  w record;
begin
  for w in
    select x."window" as win, x.scope, x.subject, x.window_start, x.window_end, x.closed_at, x.slot
      from (select null::int as slot, c."window", c.scope, c.subject, c.window_start, c.window_end, c.closed_at
              from subctl.usage_counters c where c.customer_id = p_customer and c.meter_id = p_meter
            union all
            select o.slot::int, mw."window", mw.scope, '', o.starts, o.ends, null
              from subctl.usage_state s
             cross join lateral unnest(s.ids, s.starts, s.ends) with ordinality o(id, starts, ends, slot)
              join subctl.meter_windows mw on mw.id = o.id and mw.meter_id = p_meter
             where s.customer_id = p_customer) x
     where x."window" !~ '^(rolling|each)' and x.window_start <= p_at and x.window_end > p_at
       and x.subject = case when x."window" = 'session' then $6 when x.scope = 'member' then p_member else '' end
     order by x."window" collate "C", x.scope
  loop
    if w.slot is not null then
      update subctl.usage_totals t set used[w.slot] = t.used[w.slot] + p_amount where t.customer_id = p_customer;
    elsif w.closed_at is null then
      update subctl.usage_counters c set used = c.used + p_amount
       where c.customer_id = p_customer and c.meter_id = p_meter and c."window" = w.win and c.scope = w.scope and c.subject = w.subject
         and c.window_start = w.window_start;
    else
      insert into subctl.usage_adjustments (customer_id, id, meter_id, "window", scope, subject, window_start, event_id, event_at, amount, recorded_at, reason)
      values (p_customer, subctl.uuid7($8), p_meter, w.win, w.scope, w.subject, w.window_start, p_event, p_at, p_amount, $8, $9);
    end if;
    v_windows := v_windows || jsonb_build_object('meter', p_meter, 'window', w.win, 'scope', w.scope, 'subject', nullif(w.subject, ''),
      'window_start', subctl.iso(w.window_start), 'window_end', subctl.iso(w.window_end), 'amount', trim_scale(p_amount)::text, 'closed', w.closed_at is not null);
  end loop;
  perform subctl.mark_usage(p_customer, p_meter, x.subject, p_at, p_amount)
     from (select distinct k.subject from subctl.usage_marks k
            where k.customer_id = p_customer and k.meter_id = p_meter and k.subject in ('', p_member)) x;
  return v_windows;
end $$;
