-- Lists all features and what a customer has of each at an instant, by the plan that `standing` names. A feature is
-- `allowed` if the customer has access and the value is true, above 0, unlimited or a word. Otherwise `reason` is
-- `not_in_plan`, `disabled` (false or 0 in the plan), or why there is no access. `value` is the plan's value, with or
-- without access. No row means that there is no such customer.
create or replace function subctl.features(customer text, as_of timestamptz default null)
returns table (feature text, type text, allowed boolean, reason text, value text, unlimited boolean, plan text,
               status text)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[customer]); end if;
  return query with held as (
    select e.plan_id, e.status, e.access, e.reason, v.features
      from subctl_internal.standing($1, coalesce($2, clock_timestamp())) e
      left join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version
  ), known as (
    select distinct on (f.name) f.name, f.type
      from subctl.plan_versions v
      join subctl.plans p on p.id = v.plan_id
     cross join lateral subctl.features_in(v.features) f
     order by f.name, v.version = p.current_version desc, v.created_at desc
  )
  select k.name, coalesce(f.type, k.type), h.access and coalesce(f.gives, false),
         case when not h.access then h.reason when f.name is null then 'not_in_plan'
              when not f.gives then 'disabled' end, f.value,
         coalesce(f.type = 'number' and f.value is null, false), h.plan_id, h.status
    from held h
   cross join known k
    left join lateral subctl.features_in(h.features) f on f.name = k.name
   order by k.name collate "C";
end $$;
