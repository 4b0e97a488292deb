-- Returns the answer of the plain use that a key stands for (R15): replay_usage for record_plain_use, which has the
-- texts of the customer's rules. A key is mostly repeated at once, while these rules are valid: then only the totals
-- come from the event. Otherwise usage_answer finds the texts again. An event without overage in its `result` was
-- below every stop and has reached no threshold. Takes no locks.
create or replace function subctl_internal.replay_plain_use(
  p_customer text, p_key text, p_content uuid, p_opening text, p_heads text[], p_windows numeric[]) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_content uuid;
  v_result numeric[];
  v_total numeric;
  v_count int := cardinality(p_heads);
  v_limit numeric;
  v_limits text;
begin
  select k.event_at, k.event_id, k.content into v_at, v_id, v_content
    from subctl.usage_keys k where k.customer_id = p_customer and k.key = p_key;
  if v_content = p_content and p_opening like '%"credits": null, "at": "' then
    select x.result into v_result
      from subctl.usage_events x
     where x.customer_id = p_customer and x.at = v_at and x.id = v_id and x.result[2] is null and x.cost is null
       and x.credits is null and x.held is null and x.result[4 + v_count :] = p_windows
       and position('"kind": "' || x.kind || '"' in p_opening) > 0;
  end if;
  if v_result is null then return subctl_internal.replay_usage(p_customer, p_key, p_content); end if;
  for i in 1 .. v_count loop
    v_total := v_result[3 + i];
    v_limit := p_windows[v_count + i];
    v_limits := concat(v_limits, p_heads[i], trim_scale(v_total), case when v_limit is not null then
      concat('", "remaining": "', trim_scale(v_limit - v_total), '", "percent": "',
             trim_scale(round(v_total * 100 / v_limit, 2)), '"}')
      else '", "remaining": null, "percent": null}' end);
  end loop;
  return concat(replace(p_opening, '"replayed": false', '"replayed": true'), subctl_internal.iso(v_at),
                '", "event_id": "', v_id, '", "limits": [', v_limits, ']}');
end $$;
