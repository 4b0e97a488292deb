-- Closes the calendar windows of a page of customers that have ended, those that ended first first: the same rows as
-- close_windows writes. Called until `last` is null it has closed those of all customers whose plan is sure and has
-- no limits of their own (close_plain_windows); all others are left to close_windows, as are those of `p_aside`.
-- `left_over` are customers of the page that it left: they belong into `p_aside`. `p_after` is `last` of the page
-- before: nothing that is due earlier is looked at again. `done` counts windows.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows; one
-- that is locked is skipped, so that nothing waits while they are held.
create or replace function subctl.close_page(
  p_as_of timestamptz, p_change text, p_token bigint, p_limit int, p_aside text[], p_after timestamptz,
  out done int, out stop boolean, out last timestamptz, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_customers text[];
  v_windows int[] := subctl.windows_of_kind(false);
begin
  done := 0;
  stop := subctl.hold_lease('reset-monthly-usage', p_token);
  if stop is null then return; end if;
  perform subctl.check_write_time(p_as_of);
  select array_agg(d.customer_id order by d.customer_id), max(d.next_end) into v_customers, last
    from (
      select s.customer_id, s.next_end
        from subctl.usage_state s
        join subctl.usage_totals t on t.customer_id = s.customer_id
       where s.next_end <= p_as_of and s.next_end >= p_after and s.customer_id <> all (p_aside)
         and exists (select 1 from unnest(s.ids, s.ends) o(id, ends) where o.ends <= p_as_of and o.id = any (v_windows))
       order by s.next_end limit p_limit
         for no key update of t skip locked) d;
  if v_customers is null then return; end if;
  select p.closed, array(select unnest(v_customers) except select unnest(p.of)) into done, left_over
    from subctl.close_plain_windows(p_as_of, v_customers, p_change, v_windows) p;
end $$;
