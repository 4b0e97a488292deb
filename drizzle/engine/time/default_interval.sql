-- Returns the billing interval of a plan version if none is given: the shortest interval with a price, else the
-- shortest complimentary one, else one month.
create or replace function subctl_internal.default_interval(p_plan text, p_version int) returns text
language sql stable as $$
  select coalesce((
    select p."interval"
      from subctl.plan_prices p
     cross join lateral subctl_internal.interval_parts(p."interval") i
     where p.plan_id = p_plan and p.version = p_version
     order by p.amount is null, case i.unit when 'day' then i.n else i.n * 30.436875 end, p."interval" collate "C"
     limit 1), '1mo')
$$;
