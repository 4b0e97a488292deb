-- The answer of a use that was recorded, built again from its event as the text of a json: what a repeated key returns
-- (R15). event_limits says what `result` is; `held` is what others held then, of the credits and of each limit. The plans
-- are kept for all calls: for one instant of a partitioned table a plan of its own always looks cheaper than it is to make.
create or replace function subctl.usage_answer(customer text, event_at timestamptz, event_id uuid) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  e record;
  v_limits text;
  v_alerts text;
begin
  select x.kind, x.quantity, x.cost, x.unpriced, x.estimated, x.credits, x.result, x.held into e
    from subctl.usage_events x where x.customer_id = $1 and x.at = $2 and x.id = $3;
  if not found then return null; end if;
  select string_agg((subctl.limit_json(w.meter_id, w."window", w.scope, l.used, l.limit_value,
             to_timestamp(l.starts::float8), to_timestamp(l.ends::float8))
           || subctl.held_json(e.held[l.place + 1], l.limit_value - l.used))::text, ', ' order by l.place)
    into v_limits
    from subctl.event_limits(e.result) l join subctl.meter_windows w on w.id = l.window_id;
  select string_agg(jsonb_build_object('meter', a.meter_id, 'window', a."window",
             'threshold', trim_scale(a.threshold)::text)::text, ', '
           order by a.meter_id collate "C", a."window" collate "C", a.scope, a.threshold)
    into v_alerts
    from subctl.alerts a where a.customer_id = $1 and a.event_id = $3;
  return concat('{"allowed": true, "reason": null, "customer": ', to_json($1), ', "kind": ', to_json(e.kind),
    ', "at": "', subctl.iso($2), '", "event_id": "', $3, '", "replayed": true, "cost": ',
    coalesce('"' || trim_scale(e.cost) || '"', 'null'), ', "unpriced": ', to_json(e.unpriced),
    ', "limits": [', v_limits, '], "alerts": [', v_alerts, '], "credits": ', case when e.credits is null then 'null' else
      (jsonb_build_object('used', trim_scale(e.credits)::text, 'balance', trim_scale(e.result[1])::text)
       || subctl.held_json(e.held[1], e.result[1]))::text end,
    case when e.result[2] = 1 then ', "overage": true' end, case when e.estimated then ', "estimated": true' end,
    case when e.result[3] is not null then concat(', "partial": true, "asked": "', trim_scale(e.result[3]),
      '", "quantity": "', trim_scale(e.quantity), '"') end, '}');
end $$;
