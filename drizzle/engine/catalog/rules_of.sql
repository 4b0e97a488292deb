-- Computes plan_rules of one plan version: for every kind, alias and meter id, the meters that it counts on with their
-- limits, in parallel arrays ordered by meter and window. compile_plan stores it; doctor compares it. A window without
-- a number in meter_windows is left out.
create or replace function subctl_internal.rules_of(p_plan text, p_version int)
returns table (plan_id text, version int, kind text, canonical text, ids int[], meter_ids text[], wins text[],
               win_kinds text[], win_ns int[], scopes text[], lims numeric[], modes text[], fields text[],
               providers text[], models text[], tiers text[], thresholds numeric[], credit_cost numeric,
               credits_unlimited boolean, allowed_models text[], estimate_paid numeric, estimate_free numeric,
               cost_none boolean)
language sql stable as $$
  with named as (
    select k.id, k.canonical, false as direct, k.cost = 'none' as cost_none from subctl.kinds k
    union all
    select m.id, m.id, true, false from subctl.meters m
     where not exists (select 1 from subctl.kinds k where k.id = m.id)
  ), counted as (
    select n.id as kind, m.*, n.direct and m.id = n.id as own
      from named n
      join subctl.meters m
        on case when n.direct then m.id = n.id or (m.field = 'cost' and m.kinds is null)
                else m.kinds is null or n.canonical = any (m.kinds) end
  ), rules as (
    select c.kind, w.id, c.id as meter_id, l.win, k.kind as win_kind, k.n as win_n, l.scope, l.lim, l.mode,
           case when c.aggregation = 'count' then 'count' when c.own then 'quantity' else c.field end as field,
           case when not c.own then '|' || array_to_string(c.providers, '|') || '|' end as providers,
           case when not c.own then '|' || lower(array_to_string(c.models, '|')) || '|' end as models,
           c.tier,
           row_number() over (partition by c.kind order by c.id collate "C", l.win collate "C", l.scope) as position
      from counted c
      join subctl_internal.version_limits(p_plan, p_version) l on l.meter_id = c.id
      join subctl.meter_windows w on (w.meter_id, w."window", w.scope) = (l.meter_id, l.win, l.scope)
     cross join lateral subctl_internal.window_kind(l.win) k
  ), gathered as (
    select r.kind, array_agg(r.id order by position) as ids, array_agg(meter_id order by position) as meter_ids,
           array_agg(win order by position) as wins, array_agg(win_kind order by position) as win_kinds,
           array_agg(win_n order by position) as win_ns, array_agg(scope order by position) as scopes,
           array_agg(lim order by position) as lims, array_agg(mode order by position) as modes,
           array_agg(field order by position) as fields, array_agg(providers order by position) as providers,
           array_agg(models order by position) as models, array_agg(tier order by position) as tiers
      from rules r group by r.kind
  )
  select v.plan_id, v.version, n.id, n.canonical, coalesce(g.ids, '{}'), coalesce(g.meter_ids, '{}'),
         coalesce(g.wins, '{}'), coalesce(g.win_kinds, '{}'), coalesce(g.win_ns, '{}'), coalesce(g.scopes, '{}'),
         coalesce(g.lims, '{}'), coalesce(g.modes, '{}'), coalesce(g.fields, '{}'), coalesce(g.providers, '{}'),
         coalesce(g.models, '{}'), coalesce(g.tiers, '{}'), v.alert_thresholds, coalesce(own.amount, shared.amount),
         v.credits_unlimited, v.allowed_models,
         case when n.canonical = 'llm' then v.estimate_paid end,
         case when n.canonical = 'llm' then v.estimate_free end, n.cost_none
    from subctl.plan_versions v
   cross join named n
    left join gathered g on g.kind = n.id
    left join subctl.credit_costs own on own.plan_id = v.plan_id and own.kind = n.canonical
    left join subctl.credit_costs shared on shared.plan_id = '' and shared.kind = n.canonical
   where v.plan_id = p_plan and v.version = p_version
$$;
