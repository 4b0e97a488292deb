-- Checks plans and their limits against the versions, plans and meters that they name.
create or replace view subctl.integrity_plans as
select '' as customer_id, 'default plans' as subject, '1 at most' as expected, count(*)::text as found
  from subctl.plans where is_default having count(*) > 1
union all
select '', 'default plan ' || id, 'active', 'inactive' from subctl.plans where is_default and not active
union all
select '', 'current version of ' || p.id, 'version ' || p.current_version, 'none'
  from subctl.plans p where not exists (select 1 from subctl.plan_versions v
                                         where v.plan_id = p.id and v.version = p.current_version)
union all
select '', 'fallback of ' || p.id, 'another plan', coalesce(p.fallback_plan_id, 'none')
  from subctl.plans p
 where p.fallback = 'plan' and (p.fallback_plan_id = p.id
                                or not exists (select 1 from subctl.plans f where f.id = p.fallback_plan_id))
union all
select '', concat_ws(' ', 'limit of', l.plan_id, 'version', l.version), 'a meter and a version that exist',
       concat_ws(' ', l.meter_id, l."window")
  from subctl.plan_limits l
 where not exists (select 1 from subctl.meters m where m.id = l.meter_id)
    or not exists (select 1 from subctl.plan_versions v where v.plan_id = l.plan_id and v.version = l.version)
union all
select '', concat_ws(' ', 'limit of', plan_id, 'version', version, 'on', meter_id, "window"), '0 or more',
       limit_value::text
  from subctl.plan_limits where limit_value < 0;
comment on view subctl.integrity_plans is
  'R19: There is at most one default plan, it is active, and every plan names a version and a fallback that exist';
