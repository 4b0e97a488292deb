-- Moves a customer's open windows from usage_state into usage_counters: all of them (`before` null, when windows moved: reset, new
-- anchor, new zone, new plan), or those that had ended at `before`. What the move cuts short ends at `cut`; windows that follow the
-- subscription end with it, those of free meters too. With all of them go the running totals: a plan that has no rolling window adds
-- nothing to them, so the next that has one begins from the events. The row is locked.
create or replace function subctl.flush_windows(customer text, cut timestamptz, before timestamptz default null) returns void
language plpgsql volatile as $$
begin
  if $3 is null then delete from subctl.usage_marks m where m.customer_id = $1; end if;
  perform 1 from subctl.usage_state s where s.customer_id = $1 for no key update;
  insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
  select $1, w.meter_id, w."window", w.scope, '', o.window_start,
         case when o.window_start < $2
                   and (w."window" ~ '^(period|term|every_)' or (m.tier is distinct from 'free' and w."window" !~ '^(lifetime|each|session|rolling_)'))
              then least(o.window_end, $2) else o.window_end end,
         o.used, o.refused
    from subctl.usage_state s
   cross join lateral unnest(s.ids, s.starts, s.ends, s.used, s.refused) o(id, window_start, window_end, used, refused)
    join subctl.meter_windows w on w.id = o.id
    join subctl.meters m on m.id = w.meter_id
   where s.customer_id = $1 and ($3 is null or o.window_end <= $3)
  on conflict (customer_id, meter_id, "window", scope, subject, window_start)
  do update set used = usage_counters.used + excluded.used, refused = usage_counters.refused + excluded.refused;
  -- what is a row of its own already: windows of members, and of uses that came late
  update subctl.usage_counters c set window_end = $2
    from subctl.meters m
   where $3 is null and c.customer_id = $1 and m.id = c.meter_id and c.closed_at is null and c.window_start < $2 and c.window_end > $2
     and (c."window" ~ '^(period|term|every_)' or (m.tier is distinct from 'free' and c."window" !~ '^(lifetime|each|session|rolling_)'));
  update subctl.usage_state s
     set ids = k.ids, starts = k.starts, ends = k.ends, used = k.used, refused = k.refused, next_end = k.next_end
    from (select coalesce(array_agg(o.id), '{}') ids, coalesce(array_agg(o.window_start), '{}') starts, coalesce(array_agg(o.window_end), '{}') ends,
                 coalesce(array_agg(o.used), '{}') used, coalesce(array_agg(o.refused), '{}') refused,
                 min(o.window_end) as next_end
            from subctl.usage_state x
           cross join lateral unnest(x.ids, x.starts, x.ends, x.used, x.refused) o(id, window_start, window_end, used, refused)
           where x.customer_id = $1 and $3 is not null and o.window_end > $3) k
   where s.customer_id = $1;
end $$;
