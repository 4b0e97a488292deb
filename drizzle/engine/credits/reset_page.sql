-- Runs the personal reset for a page of customers, ordered by the end of their credits or windows: the plan's next
-- credits in the common cases (post_plain_credits), then the windows of their own period (close_plain_windows), with
-- the same rows as reset_credits. Called until `last_due` is null it has done all of them. Rollovers, changes, several
-- missed periods and windows of members are left to reset_credits, as are customers that are put aside. `left_over`
-- lists customers that the page left completely or in part; the next page puts them aside. A page continues where the
-- previous one ended, so no row is read twice. `done` counts customers.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows; a
-- locked one is skipped, so that nothing waits meanwhile.
create or replace function subctl_internal.reset_page(
  p_page subctl.page_request,
  out done int, out stop boolean, out last_due timestamptz, out last_customer text, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_windows int[] := subctl_internal.windows_of_kind(true);
  v_customers text[];
  v_dues timestamptz[];
  v_ended text[] := '{}';             -- those with windows to close
  v_ends timestamptz[] := '{}';
  v_size int := p_page.size;
  v_posted text[];
  v_closed text[] := '{}';
begin
  done := 0;
  stop := subctl_internal.hold_lease('reset-credits', p_page.token);
  if stop is null then return; end if;
  perform subctl_internal.check_write_time(p_page.as_of);
  select coalesce(array_agg(d.customer_id), '{}'), coalesce(array_agg(d.expires_at), '{}') into v_customers, v_dues
    from (
      select g.customer_id, g.expires_at from subctl.credit_grants g
       where g.expired_at is null and g.expires_at <= p_page.as_of
         and (g.expires_at, g.customer_id) > (p_page.after_due, p_page.after_customer)
         and g.customer_id <> all (p_page.aside)
       order by g.expires_at, g.customer_id limit v_size) d;
  if v_windows <> '{}' then
    select coalesce(array_agg(d.customer_id), '{}'), coalesce(array_agg(d.next_end), '{}') into v_ended, v_ends
      from (
        select s.customer_id, s.next_end from subctl.customer_windows s
         where s.next_end <= p_page.as_of
           and (s.next_end, s.customer_id) > (p_page.after_due, p_page.after_customer)
           and s.customer_id <> all (p_page.aside)
           and exists (select 1 from unnest(s.ids, s.ends) o(id, ends)
                        where o.ends <= p_page.as_of and o.id = any (v_windows))
         order by s.next_end, s.customer_id limit v_size) d;
  end if;
  -- the page ends where the first of the two lists ends
  select e.due_at, e.customer_id into last_due, last_customer
    from (values (v_dues[v_size], v_customers[v_size]), (v_ends[v_size], v_ended[v_size])) e(due_at, customer_id)
   where e.due_at is not null order by 1, 2 limit 1;
  if last_due is null then
    select e.due_at, e.customer_id into last_due, last_customer
      from (values (v_dues[cardinality(v_dues)], v_customers[cardinality(v_dues)]),
                   (v_ends[cardinality(v_ends)], v_ended[cardinality(v_ends)])) e(due_at, customer_id)
     where e.due_at is not null order by 1 desc, 2 desc limit 1;
  end if;
  if last_due is null then return; end if;
  v_ended := array(select e.customer_id from unnest(v_ended, v_ends) e(customer_id, ends)
                    where (e.ends, e.customer_id) <= (last_due, last_customer));
  v_customers := subctl_internal.lock_free_customers(array(
    select e.customer_id from unnest(v_customers, v_dues) e(customer_id, due)
     where (e.due, e.customer_id) <= (last_due, last_customer)
    union
    select unnest(v_ended)));
  select p.done into v_posted from subctl_internal.post_plain_credits(v_customers, p_page.as_of, p_page.change_id) p;
  if v_ended <> '{}' then
    v_ended := array(select unnest(v_ended) intersect select unnest(v_customers));
    select p.of into v_closed
      from subctl_internal.close_plain_windows(
             p_page.as_of, array(select unnest(v_ended) intersect select unnest(v_posted)), p_page.change_id,
             v_windows) p;
  end if;
  left_over := array(
    (select unnest(v_customers) except select unnest(v_posted))
    union
    (select unnest(v_ended) except select unnest(v_closed)));
  done := cardinality(v_customers) - cardinality(left_over);
end $$;
