-- Returns the limits of a plan version that apply to a customer at an instant, with the customer's own in their place
-- or beside them: the number of the window (null where it has none yet), the window's kind and length, the meter's
-- tier.
create or replace function subctl_internal.limits_in_force(
  p_customer text, p_at timestamptz, p_plan text, p_version int)
returns table (
  id int, meter_id text, win text, scope text, kind text, n int, tier text, enforcement text, limit_value numeric,
  source text)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return query
    with planned as (
      select distinct on (u.meter_id, u.win, u.scope) u.id, u.meter_id, u.win, u.scope, u.lim, u.mode
        from subctl.plan_rules r
       cross join lateral unnest(r.ids, r.meter_ids, r.wins, r.scopes, r.lims, r.modes)
             u(id, meter_id, win, scope, lim, mode)
       where r.plan_id = p_plan and r.version = p_version
       order by u.meter_id, u.win, u.scope
    ), own as (
      select distinct on (o.meter_id, o."window", o.scope) o.meter_id, o."window" as win, o.scope, o.limit_value,
             true as is_own
        from subctl.limit_overrides o
       where o.customer_id = p_customer and o.starts_at <= p_at and (o.ends_at is null or o.ends_at > p_at)
       order by o.meter_id, o."window", o.scope, o.starts_at desc
    )
    select coalesce(p.id, w.id), b.meter_id, b.win, b.scope, k.kind, k.n, m.tier, coalesce(p.mode, 'hard'),
           case when o.is_own then o.limit_value else p.lim end, case when o.is_own then 'override' else 'plan' end
      from planned p
      full join own o on o.meter_id = p.meter_id and o.win = p.win and o.scope = p.scope
     cross join lateral (
       select coalesce(p.meter_id, o.meter_id) as meter_id, coalesce(p.win, o.win) as win,
              coalesce(p.scope, o.scope) as scope) b
      join subctl.meters m on m.id = b.meter_id
      left join subctl.meter_windows w on w.meter_id = b.meter_id and w."window" = b.win and w.scope = b.scope
     cross join lateral subctl_internal.window_kind(b.win) k
     order by b.meter_id collate "C", b.win collate "C", b.scope;
end $$;
