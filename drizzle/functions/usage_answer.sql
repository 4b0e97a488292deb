-- The answer of a use that was recorded, built again from its event: what a repeated key returns (R15). event_limits says what `result` is.
-- `held` is what others held then, of the credits and of each limit.
create or replace function subctl.usage_answer(customer text, event_at timestamptz, event_id uuid) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'allowed', true, 'reason', null, 'customer', e.customer_id, 'kind', e.kind, 'at', subctl.iso(e.at), 'event_id', e.id, 'replayed', true,
    'cost', trim_scale(e.cost)::text, 'unpriced', e.unpriced,
    'limits', coalesce((
      select jsonb_agg(subctl.limit_json(w.meter_id, w."window", w.scope, l.used, l.limit_value, to_timestamp(l.starts::float8), to_timestamp(l.ends::float8))
                       || subctl.held_json(e.held[l.place + 1], l.limit_value - l.used) order by l.place)
        from subctl.event_limits(e.result) l join subctl.meter_windows w on w.id = l.window_id), '[]'),
    'credits', case when e.credits is not null then
      jsonb_build_object('used', trim_scale(e.credits)::text, 'balance', trim_scale(e.result[1])::text) || subctl.held_json(e.held[1], e.result[1]) end,
    'alerts', coalesce((
      select jsonb_agg(jsonb_build_object('meter', a.meter_id, 'window', a."window", 'threshold', trim_scale(a.threshold)::text)
                       order by a.meter_id collate "C", a."window" collate "C", a.scope, a.threshold)
        from subctl.alerts a where a.customer_id = e.customer_id and a.event_id = e.id), '[]'))
    || case when e.result[2] = 1 then '{"overage": true}' else '{}'::jsonb end || case when e.estimated then '{"estimated": true}' else '{}'::jsonb end
    || case when e.result[3] is not null then
         jsonb_build_object('partial', true, 'asked', trim_scale(e.result[3])::text, 'quantity', trim_scale(e.quantity)::text) else '{}' end
    from subctl.usage_events e
   where e.customer_id = $1 and e.at = $2 and e.id = $3
$$;
