-- Returns the usage of each member of a group on a meter in one window, [lower, upper) of `p_bounds`: as counted, or
-- from the events where the limit began within the window after earlier usage. A window without an end is a rolling
-- one up to `p_at`, which counts since `p_since`; otherwise 'infinity' for `p_since` says that shortened windows
-- continue, so that they are recounted. No bounds: no rows.
create or replace function subctl_internal.member_usage(
  p_customer text, p_meter text, p_win text, p_bounds tstzrange, p_at timestamptz, p_since timestamptz)
returns table (member text, used numeric, refused numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  span interval;   -- of hours, independent of the session's zone
begin
  if p_bounds is null then return; end if;
  if upper_inf(p_bounds) then
    span := extract(epoch from p_at - lower(p_bounds)) * interval '1 second';
    return query
      select d.member_id::text, subctl_internal.rolling_used(p_customer, p_meter, d.member_id, p_at, span, p_since),
             0::numeric
        from subctl.members d where d.customer_id = p_customer;
    return;
  end if;
  return query
    with counted as (
      select c.subject, c.used + c.adjusted as used, c.refused
        from subctl.window_usage c
       where c.customer_id = p_customer and c.meter_id = p_meter and c."window" = p_win and c.scope = 'member'
         and c.window_start = lower(p_bounds)
         and (p_since is null or c.window_end >= upper(p_bounds))
    )
    select c.subject::text, c.used, c.refused from counted c
    union all
    select d.member_id::text, x.used, 0::numeric
      from subctl.members d
     cross join lateral (
       select subctl_internal.recount_usage(p_customer, p_meter, d.member_id, null, lower(p_bounds), upper(p_bounds))
         as used
        where not exists (select 1 from counted c where c.subject = d.member_id)) x
     where d.customer_id = p_customer and x.used > 0;
end $$;
