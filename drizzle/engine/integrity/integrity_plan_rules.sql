-- Compiles the rules of every plan version again (rules_of) and compares both sets. Each limit has one number in
-- meter_windows.
create or replace view subctl.integrity_plan_rules as
with computed as (
  select r.* from subctl.plan_versions v cross join lateral subctl_internal.rules_of(v.plan_id, v.version) r
), written as (
  select plan_id, version, kind, canonical, ids, meter_ids, wins, win_kinds, win_ns, scopes, lims, modes, fields,
         providers, models, tiers, thresholds,
         credit_cost, credits_unlimited, allowed_models, estimate_paid, estimate_free, cost_none
    from subctl.plan_rules
), uncounted as (
  -- windows that have no number fall out of both sides
  select v.plan_id, v.version, l.meter_id, l.win, l.scope
    from subctl.plan_versions v cross join lateral subctl_internal.version_limits(v.plan_id, v.version) l
   where not exists (select 1 from subctl.meter_windows w
                      where w.meter_id = l.meter_id and w."window" = l.win and w.scope = l.scope)
)
select '' as customer_id, concat_ws(' ', 'rules of', plan_id, 'version', version, 'for', kind) as subject,
       'as its limits say' as expected,
       case when count(*) filter (where side = 'written') = 0 then 'missing'
            when count(*) filter (where side = 'computed') = 0 then 'not expected' else 'others' end as found
  from ((select 'computed' as side, o.plan_id, o.version, o.kind
           from (select * from computed except select * from written) o)
        union all
        (select 'written', w.plan_id, w.version, w.kind
           from (select * from written except select * from computed) w)) d
 group by plan_id, version, kind
union all
select '', concat_ws(' ', 'limit of', plan_id, 'version', version),
       concat_ws(' ', 'a number for', meter_id, win, scope), 'none' from uncounted
union all
select '', concat_ws(' ', 'numbers of', meter_id, "window", scope), '1', count(*)::text from subctl.meter_windows
 group by meter_id, "window", scope having count(*) > 1
union all
select '', 'windows with number ' || id, '1', count(*)::text from subctl.meter_windows group by id
having count(*) > 1;
comment on view subctl.integrity_plan_rules is
  'R11, R45: The compiled rules of every plan version are what its limits, meters, kinds and credit costs say';
