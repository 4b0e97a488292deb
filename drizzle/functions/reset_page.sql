-- The personal reset of a page of customers, those whose credits or windows ended first first: the plan's next
-- credits where they simply follow (post_plain_credits), then the windows of their own period (close_plain_windows),
-- the same rows as reset_credits writes. Called until `last` is null it has done all of them; what rolls over,
-- changes, was missed more than once or has windows of members is left to reset_credits, as are the customers of
-- `p_aside`. `left_over` are customers of the page that it left, or did in part: they belong into `p_aside`.
-- `p_after` is `last` of the page before: nothing that is due earlier is looked at again. `done` counts customers.
-- Locks: the lease of the run (null in `stop`: it is lost, and nothing was written), then the customers' rows; one
-- that is locked is skipped, so that nothing waits while they are held.
create or replace function subctl.reset_page(
  p_as_of timestamptz, p_change text, p_token bigint, p_limit int, p_aside text[], p_after timestamptz,
  out done int, out stop boolean, out last timestamptz, out left_over text[])
language plpgsql volatile set plan_cache_mode = force_generic_plan set enable_seqscan = off
  set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_windows int[] := subctl.windows_of_kind(true);
  v_customers text[];
  v_ended text[];      -- those with windows to close
  v_posted text[];
  v_closed text[];
begin
  done := 0;
  stop := subctl.hold_lease('reset-credits', p_token);
  if stop is null then return; end if;
  perform subctl.check_write_time(p_as_of);
  with credits as (
    select g.customer_id, g.expires_at as due_at from subctl.credit_grants g
     where g.expired_at is null and g.expires_at <= p_as_of and g.expires_at >= p_after
       and g.customer_id <> all (p_aside)
     order by g.expires_at limit p_limit
  ), windows as (
    select s.customer_id, s.next_end as due_at from subctl.usage_state s
     where s.next_end <= p_as_of and s.next_end >= p_after and s.customer_id <> all (p_aside) and v_windows <> '{}'
       and exists (select 1 from unnest(s.ids, s.ends) o(id, ends) where o.ends <= p_as_of and o.id = any (v_windows))
     order by s.next_end limit p_limit
  ), due as materialized (
    select x.customer_id, min(x.due_at) as due_at, bool_or(x.has_ended) as has_ended
      from (select c.*, false as has_ended from credits c union all select w.*, true from windows w) x
     group by x.customer_id order by 2 limit p_limit
  ), held as materialized (
    select d.* from subctl.usage_totals t join due d on d.customer_id = t.customer_id for no key update of t skip locked
  )
  select array_agg(h.customer_id order by h.customer_id), array_agg(h.customer_id) filter (where h.has_ended),
         max(h.due_at)
    into v_customers, v_ended, last
    from held h;
  if v_customers is null then return; end if;
  select p.done into v_posted from subctl.post_plain_credits(v_customers, p_as_of, p_change) p;
  if v_ended <> '{}' and v_posted <> '{}' then
    select p.of into v_closed from subctl.close_plain_windows(p_as_of, v_posted, p_change, v_windows) p;
  end if;
  left_over := array(
    select c from unnest(v_customers) c where c <> all (v_posted)
    union
    select c from unnest(v_ended) c where c <> all (coalesce(v_closed, '{}')));
  done := cardinality(v_customers) - cardinality(left_over);
end $$;
