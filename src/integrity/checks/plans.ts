import type { Check } from '../check.ts';

/** There is one default plan at most, it is active, and every plan names a version and a fallback that exist. */
export const plans: Check = {
  name: 'plans',
  asserts:
    'There is one default plan at most, it is active, and every plan names a version and a fallback that exist',
  findings: (db) => db`
    select '' as customer, 'default plans' as what, '1 at most' as expected, count(*)::text as found from subctl.plans where is_default having count(*) > 1
    union all
    select '', 'default plan ' || id, 'active', 'inactive' from subctl.plans where is_default and not active
    union all
    select '', 'current version of ' || p.id, 'version ' || p.current_version, 'none'
      from subctl.plans p where not exists (select from subctl.plan_versions v where v.plan_id = p.id and v.version = p.current_version)
    union all
    select '', 'fallback of ' || p.id, 'another plan', coalesce(p.fallback_plan_id, 'none')
      from subctl.plans p
     where p.fallback = 'plan' and (p.fallback_plan_id = p.id or not exists (select from subctl.plans f where f.id = p.fallback_plan_id))
    union all
    select '', concat_ws(' ', 'limit of', l.plan_id, 'version', l.version), 'a meter and a version that exist', concat_ws(' ', l.meter_id, l."window")
      from subctl.plan_limits l
     where not exists (select from subctl.meters m where m.id = l.meter_id)
        or not exists (select from subctl.plan_versions v where v.plan_id = l.plan_id and v.version = l.version)
    union all
    select '', concat_ws(' ', 'limit of', plan_id, 'version', version, 'on', meter_id, "window"), '0 or more', limit_value::text
      from subctl.plan_limits where limit_value < 0`,
};
