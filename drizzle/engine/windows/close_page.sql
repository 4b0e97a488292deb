-- Closes the ended calendar windows of a page of customers, the oldest end first, with the same rows as close_windows.
-- Called until `last_due` is null it has closed those of all customers with a certain plan and no limits of their own
-- (close_plain_windows); all others are left to close_windows, as are those that are put aside. `left_over` lists
-- customers that it left; the next page puts them aside. A page continues where the previous one ended, so no row is
-- read twice. `done` counts windows.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows; a
-- locked one is skipped, so that nothing waits meanwhile.
create or replace function subctl_internal.close_page(
  p_page subctl.page_request,
  out done int, out stop boolean, out last_due timestamptz, out last_customer text, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[];
  v_dues timestamptz[];
  v_windows int[] := subctl_internal.windows_of_kind(false);
begin
  done := 0;
  stop := subctl_internal.hold_lease('reset-monthly-usage', p_page.token);
  if stop is null then return; end if;
  perform subctl_internal.check_write_time(p_page.as_of);
  select array_agg(d.customer_id), array_agg(d.next_end) into v_customers, v_dues
    from (
      select s.customer_id, s.next_end
        from subctl.customer_windows s
       where s.next_end <= p_page.as_of
         and (s.next_end, s.customer_id) > (p_page.after_due, p_page.after_customer)
         and s.customer_id <> all (p_page.aside)
         and (s.ends[1] <= p_page.as_of and s.ids[1] = any (v_windows)   -- most have no other window
              or exists (select 1 from unnest(s.ids, s.ends) o(id, ends)
                          where o.ends <= p_page.as_of and o.id = any (v_windows)))
       order by s.next_end, s.customer_id limit p_page.size) d;
  if v_customers is null then return; end if;
  last_due := v_dues[cardinality(v_dues)];
  last_customer := v_customers[cardinality(v_customers)];
  v_customers := subctl_internal.lock_free_customers(v_customers);
  select p.closed, case when cardinality(p.of) = cardinality(v_customers) then '{}'
                        else array(select unnest(v_customers) except select unnest(p.of)) end into done, left_over
    from subctl_internal.close_plain_windows(p_page.as_of, v_customers, p_page.change_id, v_windows) p;
end $$;
