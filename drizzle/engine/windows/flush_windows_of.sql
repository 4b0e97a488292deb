-- Moves the open windows of some customers from customer_windows into usage_counters when windows have moved: reset,
-- new anchor, new zone, new plan. Windows that the move shortens end at the customer's `cut`; windows that follow the
-- subscription end with it, also those of free meters, except a term of several periods that continues. The rolling
-- totals are deleted too: a plan without rolling windows adds nothing to them, so the next plan with one begins from
-- the events. Nothing is read where no window is open. Plans are cached and never read a whole table. The caller has
-- locked the customers.
create or replace function subctl_internal.flush_windows_of(customers text[], cuts timestamptz[]) returns void
language plpgsql volatile set enable_seqscan = off set plan_cache_mode = force_generic_plan
set search_path = pg_catalog, subctl, pg_temp as $$
begin
  delete from subctl.usage_rolling_totals m where m.customer_id = any (customers);
  update subctl.usage_totals n set rolled = null, generation = n.generation + 1
   where n.customer_id = any (customers) and n.rolled is not null;
  if exists (select 1 from subctl.customer_windows s
              where s.customer_id = any (customers) and (cardinality(s.ids) > 0 or s.next_end is not null)) then
    insert into subctl.usage_counters (
      customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
    select s.customer_id, w.meter_id, w."window", w.scope, '', o.window_start,
           case when o.window_start < t.cut and w.is_cut and case when w."window" = 'term'
                  then o.window_start is distinct from lower(subctl_internal.term_window(s.customer_id, t.cut))
                    else true end
                then least(o.window_end, t.cut) else o.window_end end, o.used, o.refused
      from unnest(customers, cuts) t(customer_id, cut)
      join subctl.customer_windows s on s.customer_id = t.customer_id
      join subctl.usage_totals n on n.customer_id = t.customer_id
     cross join lateral unnest(s.ids, s.starts, s.ends, n.used, s.refused)
             o(id, window_start, window_end, used, refused)
      join (
        select x.*, x."window" ~ '^(period|term|every_)'
                 or (m.tier is distinct from 'free' and x."window" !~ '^(lifetime|each|session|rolling_)') as is_cut
          from subctl.meter_windows x join subctl.meters m on m.id = x.meter_id offset 0) w on w.id = o.id
    on conflict (customer_id, meter_id, "window", scope, subject, window_start)
    do update set used = usage_counters.used + excluded.used, refused = usage_counters.refused + excluded.refused;
    update subctl.usage_totals n set used = '{}', generation = n.generation + 1
     where n.customer_id = any (customers) and cardinality(n.used) > 0;
    update subctl.customer_windows s set ids = '{}', starts = '{}', ends = '{}', refused = '{}', next_end = null
     where s.customer_id = any (customers) and (cardinality(s.ids) > 0 or s.next_end is not null);
  end if;
  -- windows with rows of their own: those of members and of late uses; those that have just moved are cut
  update subctl.usage_counters c set window_end = t.cut
    from unnest(customers, cuts) t(customer_id, cut), subctl.meters m
   where c.customer_id = t.customer_id and m.id = c.meter_id and c.closed_at is null and c.window_start < t.cut
     and c.window_end > t.cut
     and case when c."window" = 'term'
              then c.window_start is distinct from lower(subctl_internal.term_window(c.customer_id, t.cut))
                else true end
     and (c."window" ~ '^(period|term|every_)'
          or (m.tier is distinct from 'free' and c."window" !~ '^(lifetime|each|session|rolling_)'));
end $$;
