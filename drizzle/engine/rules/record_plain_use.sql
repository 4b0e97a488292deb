-- Implements record_usage for a use with only a kind and a quantity: the same decision and answer at the lowest cost.
-- While the customer's rules for the kind are valid (customer_rules) it only adds and compares: it locks the
-- customer's row and raises its totals; below the stops nothing else can happen. Credits come from the next grant
-- (R21), for a present use. Without valid rules they are created (rules_from_template); all other cases are decided by
-- decide_usage. Both lock the customer's row before the key.
create or replace function subctl.record_plain_use(
  customer text, kind text, at timestamptz default null, as_of timestamptz default null, quantity numeric default 1,
  key text default null) returns text
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  p_customer alias for customer;
  p_kind alias for kind;
  p_at alias for at;
  p_quantity alias for quantity;
  p_key alias for key;
  v_now timestamptz := coalesce(as_of, clock_timestamp());
  v_at timestamptz := v_now;
  v_used numeric[];
  v_generation int;
  v_slots int[];
  v_fields int[];
  v_stops numeric[];
  v_heads text[];
  v_windows numeric[];
  v_opening text;
  v_kind text;
  v_subscription uuid;
  v_plan text;
  v_version int;
  v_credit_cost numeric;
  v_grant uuid;
  v_need numeric;
  v_balance numeric;
  v_rolled numeric[];
  v_spans int[];
  v_marked text[];
  v_rolling subctl.rolling_counts;
  v_count int;
  v_total numeric;
  v_limit numeric;
  v_totals numeric[];
  v_parts text;
  v_closing text := ']}';
  v_id uuid;
  v_content uuid;
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[p_customer]); end if;
  <<kept>> begin
    if p_at is not null then
      exit kept when p_at < v_now - interval '24 hours' or p_at > v_now + interval '5 minutes';
      v_at := p_at;
    end if;
    exit kept when (p_quantity >= 0 and p_quantity < 'Infinity' and (
      p_key is null or length(p_key) <= 500
        and (p_key !~ subctl_internal.secret_signs() or subctl_internal.secret_in(p_key) is null))) is not true;
    select t.used, t.rolled, t.generation into v_used, v_rolled, v_generation
      from subctl.usage_totals t
     where t.customer_id = p_customer and (t.held_until is null or t.held_until <= v_now)
       for no key update;
    exit kept when not found;
    select r.slots, r.fields, r.stops, r.heads, r.windows, r.opening, r.canonical, r.subscription_id, r.plan_id,
           r.version, r.credit_cost, r.grant_id, r.spans, r.marked
      into v_slots, v_fields, v_stops, v_heads, v_windows, v_opening, v_kind, v_subscription, v_plan, v_version,
           v_credit_cost, v_grant, v_spans, v_marked
      from subctl.customer_rules r
     where r.customer_id = p_customer and r.kind = p_kind and r.generation = v_generation
       and v_at >= r.live_from and v_at < r.live_until
       and r.catalog = pg_sequence_last_value('subctl.catalog_generation');
    if not found then
      exit kept when not subctl_internal.rules_from_template(row(
        'record', p_customer, p_kind, p_at, as_of, p_quantity, null, null, null, null, null, null, null, null, null,
        null, null, null, p_key, false, false, null), v_now, true);
      return subctl.record_plain_use(p_customer, p_kind, p_at, as_of, p_quantity, p_key);
    end if;

    v_count := cardinality(v_slots);
    if v_spans is null then
      for i in 1 .. v_count loop
        if v_fields is null then
          v_total := v_used[v_slots[i]] + p_quantity;
        else
          v_total := v_used[v_slots[i]] + case v_fields[i] when 1 then p_quantity when 2 then 1 else 0 end;
        end if;
        exit kept when v_total >= v_stops[i];
        v_used[v_slots[i]] := v_total;
        v_totals[i] := v_total;
      end loop;
    else
      v_rolling := subctl_internal.count_rolling(row(
        p_customer, v_used, v_rolled, v_slots, v_fields, v_spans, v_marked, v_stops, v_heads, v_windows, null, false),
        v_at, array[p_quantity, 1]);
      exit kept when v_rolling.totals is null;
      v_used := v_rolling.used;
      v_heads := v_rolling.heads;
      v_windows := v_rolling.windows;
      v_totals := v_rolling.totals;
    end if;

    v_id := subctl_internal.uuid7(v_at);
    if p_key is not null then
      v_content := subctl_internal.plain_usage_content(p_kind, p_at, p_quantity);
      insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
      values (p_customer, p_key, v_at, v_id, v_content)
      on conflict do nothing;
      if not found then
        return subctl_internal.replay_plain_use(p_customer, p_key, v_content, v_opening, v_heads, v_windows);
      end if;
    end if;
    if v_credit_cost is not null then
      v_need := v_credit_cost * p_quantity;
      if p_at is null and v_need > 0 then
        v_balance := subctl_internal.burn_from_grant(p_customer, v_grant, v_need, v_now, v_id);
      end if;
      if v_balance is null then
        delete from subctl.usage_keys k where k.customer_id = p_customer and k.key = p_key and k.event_id = v_id;
        exit kept;
      end if;
      v_closing := concat('], "credits": {"used": "', trim_scale(v_need), '", "balance": "', trim_scale(v_balance),
                          '"}}');
    end if;
    if v_spans is null then
      update subctl.usage_totals t set used = v_used where t.customer_id = p_customer;
    else
      update subctl.usage_totals t set used = v_used, rolled = v_rolling.rolled where t.customer_id = p_customer;
      perform subctl_internal.write_rolling_totals(p_customer, v_at, v_marked, v_rolling.rolled, array[p_quantity, 1]);
    end if;
    insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier, subscription_id, plan_id,
                                     version, credits, result)
    values (p_customer, v_at, v_id, v_now, v_kind, p_quantity, 'paid', v_subscription, v_plan, v_version, v_need,
            array[v_balance, null, null] || v_totals || v_windows);
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
    return concat(v_opening, subctl_internal.iso(v_at), '", "event_id": "', v_id, '", "limits": [', v_parts, v_closing);
  end kept;
  return subctl_internal.decide_usage(row(
    'record', p_customer, p_kind, p_at, as_of, coalesce(p_quantity, 1), null, null, null, null, null, null, null, null,
    null, null, null, null, p_key, false, false, null));
end $$;
