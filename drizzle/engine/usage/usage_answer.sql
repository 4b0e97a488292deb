-- Rebuilds the answer of a recorded use from its event as the text of a json, for a repeated key (R15). event_limits
-- defines `result`; `held` are the other reservations of that time, of the credits and of each limit. A plain use
-- without overage in its `result` was below every stop and has reached no threshold. The plans are cached for all
-- calls, because a custom plan for one instant of a partitioned table costs more to make than it saves. Rare cases are
-- in a branch of their own, since each evaluated expression costs. Takes no locks.
create or replace function subctl_internal.usage_answer(customer text, event_at timestamptz, event_id uuid) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_kind text;
  v_quantity numeric;
  v_cost numeric;
  v_unpriced boolean;
  v_estimated boolean;
  v_credits numeric;
  v_result numeric[];
  v_held numeric[];
  v_heads text[];
  v_count int;
  v_used numeric;
  v_limit numeric;
  v_limits text;
  v_alerts text;
  v_rest text := '"cost": null, "unpriced": false, "alerts": [], "credits": null';
begin
  select x.kind, x.quantity, x.cost, x.unpriced, x.estimated, x.credits, x.result, x.held
    into v_kind, v_quantity, v_cost, v_unpriced, v_estimated, v_credits, v_result, v_held
    from subctl.usage_events x
   where x.customer_id = $1 and x.at = $2 and x.id = $3;
  if not found then return null; end if;
  v_count := (cardinality(v_result) - 3) / 5;
  v_heads := subctl_internal.limit_heads(v_result[4 + v_count :]);
  for i in 1 .. v_count loop
    v_used := v_result[3 + i];
    v_limit := v_result[3 + 2 * v_count + i];
    v_limits := concat(v_limits, v_heads[i], trim_scale(v_used), '", "remaining": ',
      coalesce('"' || trim_scale(greatest(v_limit - v_used, case when v_limit is not null then 0 end)) || '"', 'null'),
      ', "percent": ', coalesce('"' || trim_scale(round(v_used * 100 / nullif(v_limit, 0), 2)) || '"', 'null'));
    if v_held[i + 1] > 0 then
      v_limits := v_limits || ', ' || substr(subctl_internal.reserved_json(v_held[i + 1], v_limit - v_used)::text, 2);
    else
      v_limits := v_limits || '}';
    end if;
  end loop;
  if v_result[2] is not null or v_cost is not null or v_unpriced or v_credits is not null then
    select string_agg(jsonb_build_object('meter', a.meter_id, 'window', a."window",
               'threshold', trim_scale(a.threshold)::text)::text, ', '
             order by a.meter_id collate "C", a."window" collate "C", a.scope, a.threshold)
      into v_alerts
      from subctl.alerts a where a.customer_id = $1 and a.event_id = $3;
    v_rest := concat('"cost": ', coalesce('"' || trim_scale(v_cost) || '"', 'null'), ', "unpriced": ', v_unpriced::text,
      ', "alerts": [', v_alerts, '], "credits": ', case when v_credits is null then 'null' else
        (jsonb_build_object('used', trim_scale(v_credits)::text, 'balance', trim_scale(v_result[1])::text)
         || subctl_internal.reserved_json(v_held[1], v_result[1]))::text end,
      case when v_result[2] = 1 then ', "overage": true' end, case when v_estimated then ', "estimated": true' end,
      case when v_result[3] is not null then concat(', "partial": true, "asked": "', trim_scale(v_result[3]),
        '", "quantity": "', trim_scale(v_quantity), '"') end);
  end if;
  return concat('{"allowed": true, "reason": null, "customer": ', to_json($1), ', "kind": ', to_json(v_kind),
    ', "at": "', subctl_internal.iso($2), '", "event_id": "', $3, '", "replayed": true, "limits": [', v_limits, '], ',
    v_rest, '}');
end $$;
