-- Counts a use of one meter in the windows that contain it and that the plan of its instant does not count: windows
-- begun by another plan or by a former limit of the customer, and windows closed meanwhile (by an adjustment, R13). So
-- a window holds its whole usage, whatever plans came and went, and can be continued. `p_counted` are the windows that
-- are counted already, `p_marked` the rolling totals. The caller holds the customer's row and has written its open
-- windows.
create or replace function subctl_internal.count_uncounted_windows(
  request subctl.usage_request, standing subctl.usage_standing, p_meter text, p_amount numeric, p_counted int[],
  p_marked text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  written record;
begin
  for written in
    select c."window" as win, c.scope, c.subject, c.window_start, c.closed_at
      from subctl.usage_counters c
      left join subctl.meter_windows m
        on m.meter_id = c.meter_id and m."window" = c."window" and m.scope = c.scope
     where c.customer_id = request.customer and c.meter_id = p_meter and c.window_start <= standing.at
       and c.window_end > standing.at and c."window" !~ '^(rolling|each)'
       and c.subject = case when c."window" = 'session' then request.session
                            when c.scope = 'member' then request.member else '' end
       and m.id <> all (p_counted)
  loop
    if written.closed_at is null then
      update subctl.usage_counters c set used = c.used + p_amount
       where c.customer_id = request.customer and c.meter_id = p_meter and c."window" = written.win
         and c.scope = written.scope and c.subject = written.subject and c.window_start = written.window_start;
    else
      insert into subctl.usage_adjustments (
        customer_id, id, meter_id, "window", scope, subject, window_start, event_id, event_at, amount, recorded_at,
        reason)
      values (request.customer, subctl_internal.uuid7(standing.now), p_meter, written.win, written.scope,
              written.subject,
              written.window_start, standing.event_id, standing.at, p_amount, standing.now, 'late event');
    end if;
  end loop;
  with slots as (
    select array_agg(o.used + case when m.id is not null then p_amount else 0 end order by o.place) as used,
           bool_or(m.id is not null) as found
      from subctl.customer_windows s
      join subctl.usage_totals t on t.customer_id = request.customer
     cross join lateral unnest(s.ids, s.starts, s.ends, t.used) with ordinality o(id, starts, ends, used, place)
      left join subctl.meter_windows m
        on m.id = o.id and m.meter_id = p_meter and m.id <> all (p_counted) and o.starts <= standing.at
       and o.ends > standing.at
     where s.customer_id = request.customer
  )
  update subctl.usage_totals t set used = slots.used from slots where t.customer_id = request.customer and slots.found;
  -- totals that begin after it do not include it
  perform subctl_internal.add_rolling_total(request.customer, p_meter, x.subject, standing.at, p_amount)
     from (select distinct k.subject
             from subctl.usage_rolling_totals k
            where k.customer_id = request.customer and k.meter_id = p_meter and k.subject in ('', request.member)
              and k.at <= standing.at and p_meter || '|' || k.subject <> all (p_marked)) x;
end $$;
