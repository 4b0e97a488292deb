-- record_usage for a use that has a kind and a quantity alone: the same decision and the text of the same answer, at the
-- least cost. While the customer's rules for the kind hold (customer_rules) it only adds and compares: the customer's row
-- is locked, its totals are raised, and below the stops nothing else can happen. All else is decided by apply_usage.
-- Both lock the customer's row before the key.
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
  v_slots int[];
  v_counts numeric[];
  v_stops numeric[];
  v_limits numeric[];
  v_heads text[];
  v_windows numeric[];
  v_opening text;
  v_kind text;
  v_subscription uuid;
  v_plan text;
  v_version int;
  v_total numeric;
  v_totals numeric[] := '{}';
  v_parts text;
  v_id uuid;
  v_content uuid;
begin
  if p_at is not null then
    v_at := case when p_at between v_now - interval '24 hours' and v_now + interval '5 minutes' then p_at else 'infinity' end;
  end if;
  select t.used, r.slots, r.counts, r.stops, r.limits, r.heads, r.windows, r.opening, r.canonical,
         r.subscription_id, r.plan_id, r.version
    into v_used, v_slots, v_counts, v_stops, v_limits, v_heads, v_windows, v_opening, v_kind, v_subscription,
         v_plan, v_version
    from subctl.usage_totals t
    join subctl.customer_rules r on r.customer_id = t.customer_id and r.generation = t.generation
   where t.customer_id = p_customer and r.customer_id = p_customer and r.kind = p_kind and r.provider = ''
     and r.model = '' and v_at >= r.live_from and v_at < r.live_until
     and p_quantity >= 0 and p_quantity < 'Infinity' and (p_quantity = 1 or not r.only_one)
     and (p_key is null or length(p_key) <= 500
          and (p_key !~ subctl.secret_signs() or subctl.secret_in(p_key) is null))
     and r.catalog = pg_sequence_last_value('subctl.catalog_generation')
     for no key update of t;
  if found then
    for i in 1 .. cardinality(v_slots) loop
      v_total := v_used[v_slots[i]] + p_quantity * v_counts[i];
      exit when v_total >= v_stops[i];
      v_used[v_slots[i]] := v_total;
      v_totals[i] := v_total;
    end loop;
    if cardinality(v_totals) = cardinality(v_slots) then
      v_id := subctl.uuid7(v_at);
      if p_key is not null then
        v_content := subctl.plain_usage_content(p_kind, p_at, p_quantity);
        insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
        values (p_customer, p_key, v_at, v_id, v_content)
        on conflict do nothing;
        if not found then
          return subctl.replay_plain_use(p_customer, p_key, v_content, v_opening, v_heads, v_windows);
        end if;
      end if;
      update subctl.usage_totals t set used = v_used where t.customer_id = p_customer;
      insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier, subscription_id, plan_id,
                                       version, result)
      values (p_customer, v_at, v_id, v_now, v_kind, p_quantity, 'paid', v_subscription, v_plan, v_version,
              array[null, null, null]::numeric[] || v_totals || v_windows);
      for i in 1 .. cardinality(v_slots) loop
        v_total := v_totals[i];
        v_parts := concat(v_parts, v_heads[i], trim_scale(v_total), case when v_limits[i] is not null then
          concat('", "remaining": "', trim_scale(v_limits[i] - v_total), '", "percent": "',
                 trim_scale(round(v_total * 100 / v_limits[i], 2)), '"}')
          else '", "remaining": null, "percent": null}' end);
      end loop;
      return concat(v_opening, subctl.iso(v_at), '", "event_id": "', v_id, '", "limits": [', v_parts, ']}');
    end if;
  end if;
  return subctl.apply_usage('record', p_customer, p_kind, p_at, as_of, coalesce(p_quantity, 1), null, null, null, null, null, null,
    null, null, null, null, null, null, p_key, false, false, null);
end $$;
