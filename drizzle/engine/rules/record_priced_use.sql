-- Records a use with a provider, a model or tokens by the customer's cached rules (customer_priced_rules): the same
-- decision and answer as decide_usage at the lowest cost. In mode `reserve` it returns what a reservation holds and
-- records nothing. Tokens are priced by the rates of the card (R25) and multiplied by the model's multiplier (R28);
-- credits come from the next grant (R21), for a present use. A use that has happened (`already_spent`, as of a settled
-- reservation) counts despite other reservations (R16). Without valid rules they are created (rules_from_template);
-- all other cases are decided by decide_usage. Both lock the customer's row before the key.
create or replace function subctl_internal.record_priced_use(request subctl.usage_request) returns text
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_now timestamptz := coalesce(request.as_of, clock_timestamp());
  v_at timestamptz := v_now;
  v_used numeric[]; v_totals numeric[]; v_generation int;
  v_slots int[]; v_fields int[]; v_stops numeric[]; v_heads text[]; v_windows numeric[]; v_opening text;
  v_rolled numeric[]; v_spans int[]; v_marked text[]; v_rolling subctl.rolling_counts;
  v_kind text; v_subscription uuid; v_plan text; v_version int; v_provider text; v_tier text; v_rates numeric[];
  v_price_from timestamptz; v_price_provider text; v_amounts numeric[]; v_tokens numeric; v_cost numeric;
  v_credit_cost numeric; v_grant uuid; v_need numeric; v_balance numeric;
  v_content uuid; v_id uuid; v_count int; v_total numeric; v_limit numeric;
  v_parts text; v_closing text := '}';
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[request.customer]); end if;
  <<kept>> begin
    exit kept when request.partial or request.already_spent and request.key is not null
      or num_nonnulls(request.units, request.cost, request.member, request.status, request.endpoint,
                      request.metadata) > 0;
    if request.at is not null then
      exit kept when request.at < v_now - interval '24 hours' or request.at > v_now + interval '5 minutes';
      v_at := request.at;
    end if;
    exit kept when (
      least(request.quantity, request.input_tokens, request.output_tokens, request.cached_tokens) >= 0
      and greatest(request.quantity, request.input_tokens, request.output_tokens) < 'Infinity'
      and coalesce(request.cached_tokens, 0) <= coalesce(request.input_tokens, 0)
      and length(concat(request.key)) <= 500
      and concat(request.key, ' ', request.session) !~ subctl_internal.secret_signs()) is not true;
    select t.used, t.rolled, t.generation into v_used, v_rolled, v_generation
      from subctl.usage_totals t
     where t.customer_id = request.customer
       and (t.held_until is null or t.held_until <= v_now or request.already_spent or request.mode = 'reserve')
       for no key update;
    exit kept when not found;
    select r.slots, r.fields, r.stops, r.heads, r.windows, r.opening, r.canonical, r.subscription_id, r.plan_id,
           r.version, r.used_provider, r.tier, r.rates, r.price_from, r.price_provider, r.credit_cost, r.grant_id,
           r.spans, r.marked
      into v_slots, v_fields, v_stops, v_heads, v_windows, v_opening, v_kind, v_subscription, v_plan, v_version,
           v_provider, v_tier, v_rates, v_price_from, v_price_provider, v_credit_cost, v_grant, v_spans, v_marked
      from subctl.customer_priced_rules r
     where r.customer_id = request.customer and r.kind = request.kind
       and r.provider = coalesce(request.provider, '') and r.model = coalesce(request.model, '')
       and r.generation = v_generation and v_at >= r.live_from and v_at < r.live_until
       and r.has_tokens = (num_nonnulls(request.input_tokens, request.output_tokens) > 0)
       and r.catalog = pg_sequence_last_value('subctl.catalog_generation');
    if not found then
      exit kept when not subctl_internal.rules_from_template(request, v_now, false);
      return subctl_internal.record_priced_use(request);
    end if;

    if request.input_tokens is not null or request.output_tokens is not null then
      v_tokens := coalesce(request.input_tokens, 0) + coalesce(request.output_tokens, 0);
      v_cost := trim_scale(
        (coalesce(request.input_tokens, 0) - coalesce(request.cached_tokens, 0)) * v_rates[1]
          + coalesce(request.cached_tokens, 0) * v_rates[2]
          + case when request.output_tokens > 0 then request.output_tokens * v_rates[3] else 0 end);
      if v_rates[4] <> 1 then v_tokens := ceil(v_tokens * v_rates[4]); end if;
      exit kept when v_cost is null and v_rates is distinct from '{}';
    elsif v_rates <> '{}' then
      v_cost := 0;
    end if;
    v_amounts := array[request.quantity, 1, v_tokens, v_cost, request.input_tokens, request.output_tokens];
    v_count := cardinality(v_slots);
    if v_spans is null then
      for i in 1 .. v_count loop
        v_total := v_used[v_slots[i]] + coalesce(v_amounts[v_fields[i]], 0);
        exit kept when v_total >= v_stops[i];
        v_used[v_slots[i]] := v_total;
        v_totals[i] := v_total;
      end loop;
    else
      exit kept when request.mode = 'reserve';   -- this function does not count reservations in rolling windows
      v_rolling := subctl_internal.count_rolling(row(
        request.customer, v_used, v_rolled, v_slots, v_fields, v_spans, v_marked, v_stops, v_heads, v_windows,
        null, false), v_at, v_amounts);
      exit kept when v_rolling.totals is null;
      v_used := v_rolling.used;
      v_heads := v_rolling.heads;
      v_windows := v_rolling.windows;
      v_totals := v_rolling.totals;
    end if;
    if request.mode = 'reserve' then
      exit kept when v_credit_cost is not null;
      v_parts := subctl_internal.reserve_by_rules(request, v_now, v_totals, v_amounts);
      exit kept when v_parts is null;
      return concat(v_opening, subctl_internal.iso(v_at), '", "event_id": null, "cost": ',
                    coalesce('"' || v_cost || '"', 'null'), v_parts);
    end if;

    v_id := subctl_internal.uuid7(v_at);
    if request.key is not null then
      v_content := subctl_internal.priced_usage_content(
        request.kind, request.at, request.quantity, request.provider, request.model, request.input_tokens,
        request.output_tokens, request.cached_tokens, request.session, request.latency_ms);
      insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
      values (request.customer, request.key, v_at, v_id, v_content)
      on conflict do nothing;
      if not found then return subctl_internal.replay_usage(request.customer, request.key, v_content); end if;
    end if;
    if v_credit_cost is not null then
      v_need := v_credit_cost * request.quantity;
      if request.at is null and v_need > 0 then
        v_balance := subctl_internal.burn_from_grant(request.customer, v_grant, v_need, v_now, v_id);
      end if;
      if v_balance is null then
        delete from subctl.usage_keys k
         where k.customer_id = request.customer and k.key = request.key and k.event_id = v_id;
        exit kept;
      end if;
      v_closing := concat(', "credits": {"used": "', trim_scale(v_need), '", "balance": "', trim_scale(v_balance),
                          '"}}');
    end if;
    if v_spans is null then
      update subctl.usage_totals t set used = v_used where t.customer_id = request.customer;
    else
      update subctl.usage_totals t set used = v_used, rolled = v_rolling.rolled where t.customer_id = request.customer;
      perform subctl_internal.write_rolling_totals(request.customer, v_at, v_marked, v_rolling.rolled, v_amounts);
    end if;
    insert into subctl.usage_events (
      customer_id, at, id, recorded_at, kind, quantity, provider, model, tier, input_tokens, output_tokens,
      cached_tokens, tokens, cost, unpriced, price_from, price_provider, credits, session_id, latency_ms,
      subscription_id, plan_id, version, already_spent, result)
    values (
      request.customer, v_at, v_id, v_now, v_kind, request.quantity, v_provider, request.model, v_tier,
      request.input_tokens, request.output_tokens, request.cached_tokens, v_tokens, v_cost,
      coalesce(v_rates = '{}', false), v_price_from, v_price_provider, v_need, request.session, request.latency_ms,
      v_subscription, v_plan, v_version, request.already_spent, array[v_balance, null, null] || v_totals || v_windows);
    for i in 1 .. v_count loop
      v_total := v_totals[i];
      v_limit := v_windows[v_count + i];
      if v_limit is null then
        v_parts := concat(v_parts, v_heads[i], trim_scale(v_total), '", "remaining": null, "percent": null}');
      else
        v_parts := concat(v_parts, v_heads[i], trim_scale(v_total), '", "remaining": "', trim_scale(v_limit - v_total),
                          '", "percent": "', trim_scale(round(v_total * 100 / v_limit, 2)), '"}');
      end if;
    end loop;
    return concat(v_opening, subctl_internal.iso(v_at), '", "event_id": "', v_id, '", "limits": [', v_parts,
                  '], "cost": ', coalesce('"' || v_cost || '"', 'null'), v_closing);
  end kept;
  return subctl_internal.decide_usage(request);
end $$;
