-- Lists what a plan version counts: its limits; `period` without a limit for each meter that would not otherwise be
-- counted for the customer as a whole; and all windows without an end that any limit uses. Those are counted on every
-- plan, because they could not be counted again after old events are deleted.
create or replace function subctl_internal.version_limits(p_plan text, p_version int)
returns table (meter_id text, win text, scope text, lim numeric, mode text)
language sql stable as $$
  select l.meter_id, l."window", l.scope, l.limit_value, l.enforcement
    from subctl.plan_limits l
   where l.plan_id = p_plan and l.version = p_version
  union all
  select m.id, 'period', 'customer', null, 'hard'
    from subctl.meters m
   where not exists (select 1 from subctl.plan_limits l
                      where l.plan_id = p_plan and l.version = p_version and l.meter_id = m.id
                        and l.scope = 'customer' and l."window" not in ('each', 'session'))
  union all
  select w.meter_id, w."window", w.scope, null, 'hard'
    from subctl.meter_windows w
   where w."window" in ('lifetime', 'session')
     and not exists (select 1 from subctl.plan_limits l
                      where l.plan_id = p_plan and l.version = p_version and l.meter_id = w.meter_id
                        and l."window" = w."window" and l.scope = w.scope)
$$;
