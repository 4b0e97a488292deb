-- Records the uses of a batch that have cached rules (find_batch_rules) as record_plain_use and record_priced_use
-- would one after another, but adds and compares in one loop and writes keys, totals, running totals of rolling
-- windows and events in one statement each; credits are spent use by use (burn_from_grant, R21). `answers` has the
-- answers by position, null for a use without one; this function adds its own. The uses of a customer keep their
-- order: the first one without rules, that reaches a stop or costs more credits than its grant has, and all later ones
-- stay without an answer. So do uses with a known key; they change nothing, and later uses continue. `brief`: answers
-- have only the verdict. The caller has locked the customers, so no other session writes their keys.
create or replace function subctl_internal.record_plain_batch(
  requests subctl.usage_request[], as_of timestamptz, answers text[], brief boolean) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  asked record;
  v_answers text[] := answers;
  v_customer text := '';
  v_used numeric[]; v_rolled numeric[];
  v_is_over boolean; v_is_raised boolean := false;
  v_raised subctl.raised_totals[] := '{}';
  v_uses subctl.plain_use[] := '{}';
  v_request subctl.usage_request;
  v_tokens numeric; v_cost numeric; v_amounts numeric[];
  v_total numeric; v_limit numeric; v_totals numeric[];
  v_windows numeric[]; v_heads text[]; v_parts text;
  v_counts subctl.rolling_counts;
  v_marks subctl.rolling_mark[] := '{}';
  v_need numeric; v_balance numeric; v_credits text;
begin
  for asked in select * from subctl_internal.find_batch_rules(requests, as_of, answers) loop
    if asked.customer <> v_customer then
      if v_is_raised then v_raised := v_raised || row(v_customer, v_used, v_rolled)::subctl.raised_totals; end if;
      v_customer := asked.customer;
      v_used := asked.used;
      v_rolled := asked.rolled;
      v_is_raised := false;
      v_is_over := false;
    end if;
    continue when v_is_over or asked.slots is not null and asked.is_known;
    if asked.slots is null then
      v_is_over := true;
      continue;
    end if;
    v_totals := '{}';
    v_request := requests[asked.place];
    v_tokens := null;
    v_cost := null;
    if num_nonnulls(v_request.input_tokens, v_request.output_tokens) > 0 then
      v_tokens := coalesce(v_request.input_tokens, 0) + coalesce(v_request.output_tokens, 0);
      v_cost := trim_scale(
        (coalesce(v_request.input_tokens, 0) - coalesce(v_request.cached_tokens, 0)) * asked.rates[1]
          + coalesce(v_request.cached_tokens, 0) * asked.rates[2]
          + case when v_request.output_tokens > 0 then v_request.output_tokens * asked.rates[3] else 0 end);
      if asked.rates[4] <> 1 then v_tokens := ceil(v_tokens * asked.rates[4]); end if;
      v_is_over := v_cost is null and asked.rates is distinct from '{}';
      continue when v_is_over;
    elsif asked.rates <> '{}' then
      v_cost := 0;
    end if;
    v_amounts := array[
      v_request.quantity, 1, v_tokens, v_cost, v_request.input_tokens, v_request.output_tokens];
    v_windows := asked.windows;
    v_heads := case when not brief then asked.heads end;
    if asked.spans is null then
      for i in 1 .. cardinality(asked.slots) loop
        v_total := v_used[asked.slots[i]]
          + case when asked.fields is null then v_request.quantity else coalesce(v_amounts[asked.fields[i]], 0) end;
        exit when v_total >= asked.stops[i];
        v_totals[i] := v_total;
      end loop;
      v_is_over := cardinality(v_totals) < cardinality(asked.slots);
    else
      v_counts := subctl_internal.count_rolling(row(
        v_customer, v_used, v_rolled, asked.slots, asked.fields, asked.spans, asked.marked, asked.stops,
        v_heads, v_windows, null, v_is_raised), asked.at, v_amounts);
      v_is_over := v_counts.totals is null;
    end if;
    continue when v_is_over;
    v_need := asked.credit_cost * v_request.quantity;
    v_balance := null;
    v_credits := null;
    if v_need is not null then
      v_balance := subctl_internal.burn_from_grant(v_customer, asked.grant_id, v_need, as_of, asked.id);
      v_is_over := v_balance is null;
      continue when v_is_over;
      v_credits := concat(
        ', "credits": {"used": "', trim_scale(v_need), '", "balance": "', trim_scale(v_balance), '"}');
    end if;
    if asked.spans is null then
      for i in 1 .. cardinality(asked.slots) loop
        v_used[asked.slots[i]] := v_totals[i];
      end loop;
    else
      v_used := v_counts.used;
      v_rolled := v_counts.rolled;
      v_heads := v_counts.heads;
      v_windows := v_counts.windows;
      v_totals := v_counts.totals;
      for i in 1 .. cardinality(asked.marked) by 3 loop
        if v_amounts[asked.marked[i + 2]::int] > 0 then
          v_marks := v_marks || row(v_customer, asked.marked[i], asked.at, v_rolled[asked.marked[i + 1]::int]
            )::subctl.rolling_mark;
        end if;
      end loop;
    end if;
    v_is_raised := true;
    v_parts := null;
    for i in 1 .. case when not brief then cardinality(asked.slots) else 0 end loop
      v_total := v_totals[i];
      v_limit := v_windows[cardinality(asked.slots) + i];
      if v_limit is null then
        v_parts := concat(v_parts, v_heads[i], trim_scale(v_total), '", "remaining": null, "percent": null}');
      else
        v_parts := concat(v_parts, v_heads[i], trim_scale(v_total), '", "remaining": "', trim_scale(v_limit - v_total),
                          '", "percent": "', trim_scale(round(v_total * 100 / v_limit, 2)), '"}');
      end if;
    end loop;
    v_uses := v_uses || row(
      asked.customer, asked.at, asked.id, v_request.key, asked.content, asked.canonical, v_request.quantity,
      asked.subscription_id, asked.plan_id, asked.version,
      array[v_balance, null, null] || v_totals || v_windows, asked.provider, v_request.model, asked.tier,
      v_request.input_tokens, v_request.output_tokens, v_request.cached_tokens, v_tokens, v_cost, asked.price_from,
      asked.price_provider, v_request.session, v_request.latency_ms, coalesce(asked.rates = '{}', false), v_need
      )::subctl.plain_use;
    if brief then
      v_answers[asked.place] := concat('{"allowed": true, "replayed": false, "unpriced": ',
                                       coalesce(asked.rates = '{}', false)::text, '}');
    else
      v_answers[asked.place] := concat(asked.opening, subctl_internal.iso(asked.at), '", "event_id": "', asked.id,
        '", "limits": [', v_parts, ']', case when asked.is_priced
          then concat(', "cost": ', coalesce('"' || v_cost || '"', 'null')) end, v_credits, '}');
    end if;
  end loop;
  if v_is_raised then v_raised := v_raised || row(v_customer, v_used, v_rolled)::subctl.raised_totals; end if;
  if cardinality(v_uses) > 0 then
    insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
    select u.customer_id, u.key, u.at, u.id, u.content from unnest(v_uses) u where u.key is not null;
    update subctl.usage_totals t set used = u.used, rolled = u.rolled
      from unnest(v_raised) u where t.customer_id = u.customer_id;
    insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
    select m.customer_id, m.meter_id, '', m.at, max(m.cum) from unnest(v_marks) m group by 1, 2, 4
    on conflict (customer_id, meter_id, subject, at) do update set cum = excluded.cum;
    insert into subctl.usage_events (
      customer_id, at, id, recorded_at, kind, quantity, provider, model, tier, input_tokens, output_tokens,
      cached_tokens, tokens, cost, unpriced, price_from, price_provider, session_id, latency_ms, subscription_id,
      plan_id, version, result, credits)
    select u.customer_id, u.at, u.id, as_of, u.kind, u.quantity, u.provider, u.model, u.tier, u.input_tokens,
           u.output_tokens, u.cached_tokens, u.tokens, u.cost, u.unpriced, u.price_from, u.price_provider, u.session_id,
           u.latency_ms, u.subscription_id, u.plan_id, u.version, u.result, u.credits
      from unnest(v_uses) u;
  end if;
  return v_answers;
end $$;
