-- Returns the limits and amounts of a reservation that follows the customer's cached rules, as the rest of a json
-- text. Null where its limits have no room beside other reservations (R16), or an alert is near: then decide_usage
-- decides. `totals` are the windows afterwards, `amounts` what the use requests, by the fields of the rules. The
-- caller holds the customer's row.
create or replace function subctl_internal.reserve_by_rules(
  request subctl.usage_request, p_now timestamptz, totals numeric[], amounts numeric[]) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_meters text[];
  v_heads text[];
  v_stops numeric[];
  v_fields int[];
  v_windows numeric[];
  v_others boolean;
  v_count int := coalesce(cardinality(totals), 0);
  v_held numeric[];
  v_asked numeric;
  v_holding numeric;
  v_used numeric;
  v_limit numeric;
  v_limits text;
  v_holds text;
begin
  select r.meters, r.heads, r.stops, r.fields, r.windows, t.held_until > p_now
    into v_meters, v_heads, v_stops, v_fields, v_windows, v_others
    from subctl.customer_priced_rules r
    join subctl.usage_totals t on t.customer_id = r.customer_id
   where r.customer_id = request.customer and r.kind = request.kind and r.provider = coalesce(request.provider, '')
     and r.model = coalesce(request.model, '') and t.customer_id = request.customer;
  if v_others then v_held := subctl_internal.reserved_of_windows(request.customer, v_meters, v_windows, p_now); end if;
  for i in 1 .. v_count loop
    v_asked := coalesce(amounts[v_fields[i]], 0);
    v_used := totals[i] - v_asked;
    v_holding := coalesce(v_held[i], 0) + v_asked;
    if v_used + v_holding >= v_stops[i] then return null; end if;
    v_limit := v_windows[v_count + i];
    v_limits := concat(v_limits, v_heads[i], trim_scale(v_used), '", "remaining": ',
      coalesce('"' || trim_scale(v_limit - v_used) || '"', 'null'), ', "percent": ',
      coalesce('"' || trim_scale(round(v_used * 100 / v_limit, 2)) || '"', 'null'));
    if v_holding > 0 then
      v_limits := concat(v_limits, ', "held": "', trim_scale(v_holding), '", "available": ',
                         coalesce('"' || trim_scale(v_limit - v_used - v_holding) || '"', 'null'), '}');
    else
      v_limits := v_limits || '}';
    end if;
    if v_asked > 0 then v_holds := concat(v_holds, ', ', to_json(v_meters[i]), ': ', v_asked); end if;
  end loop;
  return concat(', "limits": [', v_limits, '], "holds": {"meters": {', substr(v_holds, 3), '}, "credits": 0, ',
                '"quantity": ', request.quantity, ', "estimated": false}}');
end $$;
