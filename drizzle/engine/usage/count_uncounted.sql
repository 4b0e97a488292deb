-- Counts a recorded use in the windows that contain it and that the plan of its instant does not count
-- (count_uncounted_windows), once for each of its meters. A late use may have begun a window that the present plan
-- does not count: then later uses check for such windows too. The caller holds the customer's row and has written its
-- open windows.
create or replace function subctl_internal.count_uncounted(
  request subctl.usage_request, standing subctl.usage_standing, tally subctl.usage_tally) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  window_ids int[] := array(select c.window_id from unnest(tally.counts) c);
  marked text[] := array(
    select c.meter || '|' || c.subject from unnest(tally.counts) c where c.kept = 'rolling' and c.asked > 0);
  meters text[] := '{}';
begin
  foreach counted in array tally.counts loop
    if counted.meter <> all (meters) then
      meters := meters || counted.meter;
      if counted.asked <> 0 then
        perform subctl_internal.count_uncounted_windows(request, standing, counted.meter, counted.asked, window_ids,
                                                        marked);
      end if;
    end if;
  end loop;
  if standing.is_late then
    update subctl.customer_windows s
       set uncounted_until = greatest(s.uncounted_until, subctl_internal.uncounted_until(request.customer, s.plan_id,
                                                                                         s.version),
             (select max(w.ends) from unnest(s.ends) w(ends) where isfinite(w.ends)))
     where s.customer_id = request.customer;
  end if;
end $$;
