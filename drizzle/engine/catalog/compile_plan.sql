-- Writes plan_rules of one plan version, as rules_of computes them. Call it after a change of limits, meters, kinds or
-- credit costs. A meter without a limit in the version is counted per period and never blocks (R11). The first limit
-- on a window without an end compiles every version again, because all of them count that window.
create or replace function subctl_internal.compile_plan(p_plan text, p_version int) returns void
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_endless boolean;
begin
  perform pg_advisory_xact_lock(7316);
  with made as (
    insert into subctl.meter_windows (id, meter_id, "window", scope)
    select (select coalesce(max(id), 0) from subctl.meter_windows)
           + row_number() over (order by l.meter_id collate "C", l.win collate "C", l.scope),
           l.meter_id, l.win, l.scope
      from subctl_internal.version_limits(p_plan, p_version) l
     where not exists (select 1 from subctl.meter_windows w
                        where (w.meter_id, w."window", w.scope) = (l.meter_id, l.win, l.scope))
    returning "window"
  )
  select bool_or(m."window" in ('lifetime', 'session')) into v_endless from made m;

  if v_endless then perform subctl_internal.compile_all(); return; end if;
  delete from subctl.plan_rules where plan_id = p_plan and version = p_version;
  insert into subctl.plan_rules (plan_id, version, kind, canonical, ids, meter_ids, wins, win_kinds, win_ns, scopes,
                                 lims, modes, fields, providers, models, tiers, thresholds, credit_cost,
                                 credits_unlimited, allowed_models, estimate_paid, estimate_free, cost_none)
  select r.* from subctl_internal.rules_of(p_plan, p_version) r;
end $$;
