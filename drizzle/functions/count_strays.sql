-- Counts a use of one meter in the windows that contain it and that the plan of its instant does not count: what another plan, or a limit
-- of the customer's own that is over, has begun, and what was closed meanwhile (by an adjustment, R13). A window is thereby what was used
-- in it, whatever plans came and went, and can be gone on with. `counted` are the windows that have been counted already, `marked` the
-- running totals. The caller holds the customer's lock and has written its row of open windows.
create or replace function subctl.count_strays(
  customer text, meter text, amount numeric, at timestamptz, member text, session text, counted int[], marked text[], event uuid, as_of timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  w record;
begin
  for w in
    select c."window" as win, c.scope, c.subject, c.window_start, c.closed_at
      from subctl.usage_counters c
      left join subctl.meter_windows m on m.meter_id = c.meter_id and m."window" = c."window" and m.scope = c.scope
     where c.customer_id = $1 and c.meter_id = $2 and c.window_start <= $4 and c.window_end > $4 and c."window" !~ '^(rolling|each)'
       and c.subject = case when c."window" = 'session' then $6 when c.scope = 'member' then $5 else '' end
       and m.id <> all ($7)
  loop
    if w.closed_at is null then
      update subctl.usage_counters c set used = c.used + $3
       where c.customer_id = $1 and c.meter_id = $2 and c."window" = w.win and c.scope = w.scope and c.subject = w.subject and c.window_start = w.window_start;
    else
      insert into subctl.usage_adjustments (customer_id, id, meter_id, "window", scope, subject, window_start, event_id, event_at, amount, recorded_at, reason)
      values ($1, subctl.uuid7($10), $2, w.win, w.scope, w.subject, w.window_start, $9, $4, $3, $10, 'late event');
    end if;
  end loop;
  with slots as (
    select array_agg(o.used + case when m.id is not null then $3 else 0 end order by o.n) as used, bool_or(m.id is not null) as any
      from subctl.usage_state s
      join subctl.usage_totals t on t.customer_id = s.customer_id
     cross join lateral unnest(s.ids, s.starts, s.ends, t.used) with ordinality o(id, starts, ends, used, n)
      left join subctl.meter_windows m on m.id = o.id and m.meter_id = $2 and m.id <> all ($7) and o.starts <= $4 and o.ends > $4
     where s.customer_id = $1
  )
  update subctl.usage_totals t set used = slots.used from slots where t.customer_id = $1 and slots.any;
  -- totals that begin after it do not hold it
  perform subctl.mark_usage($1, $2, x.subject, $4, $3)
     from (select distinct k.subject from subctl.usage_marks k
            where k.customer_id = $1 and k.meter_id = $2 and k.subject in ('', $5) and k.at <= $4 and $2 || '|' || k.subject <> all ($8)) x;
end $$;
