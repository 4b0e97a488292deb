-- Records one use if limits and credits allow it, and says what it did: named arguments, one json (docs/usage.md). A plain use of a customer
-- whose rules are made (customer_rules) only adds and compares: its row is locked, its totals are raised, and nothing else can happen below the
-- stops. Whatever is not plain, or not below them, is decided by apply_usage. Both lock the customer's row before the key.
create or replace function subctl.record_usage_json(
  customer text, kind text, at timestamptz default null, as_of timestamptz default null, quantity numeric default 1,
  provider text default null, model text default null, input_tokens numeric default null, output_tokens numeric default null,
  cached_tokens numeric default null, units jsonb default null, cost numeric default null, member text default null,
  session text default null, status text default null, latency_ms int default null, endpoint text default null, key text default null,
  already_spent boolean default false, partial boolean default false, metadata jsonb default null) returns json
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  p_customer alias for customer;
  p_kind alias for kind;
  p_at alias for at;
  p_key alias for key;
  v_now timestamptz := coalesce(as_of, clock_timestamp());
  v_at timestamptz := coalesce(at, v_now);
  v_used numeric[];
  v_amounts numeric[];
  v_slots int[];
  v_fields int[];
  v_stops numeric[];
  v_limits numeric[];
  v_heads text[];
  v_tails text[];
  v_windows numeric[];
  v_kind text;
  v_subscription uuid;
  v_plan text;
  v_version int;
  v_result numeric[] := array[null, 0, null];
  v_total numeric;
  v_parts text;
  v_id uuid;
begin
  if num_nonnulls(provider, model, input_tokens, output_tokens, cached_tokens, units, cost, member, session, status, latency_ms, endpoint,
                  metadata) = 0
     and quantity >= 0 and quantity < 'Infinity' and not already_spent and not partial
     and (p_at is null or p_at between v_now - interval '24 hours' and v_now + interval '5 minutes') then
    v_amounts := array[quantity, 1, 0, 0, 0, 0, 0];
    select t.used, r.slots, r.fields, r.stops, r.limits, r.heads, r.tails, r.windows, r.canonical, r.subscription_id, r.plan_id, r.version
      into v_used, v_slots, v_fields, v_stops, v_limits, v_heads, v_tails, v_windows, v_kind, v_subscription, v_plan, v_version
      from subctl.usage_totals t
      join subctl.customer_rules r on r.customer_id = t.customer_id and r.generation = t.generation
      join subctl.catalog_state c on c.generation = r.catalog
     where t.customer_id = p_customer and r.customer_id = p_customer and r.kind = p_kind and r.provider = '' and r.model = ''
       and v_at >= r.live_from and v_at < r.live_until
       for no key update of t;
    if found then
      for i in 1 .. cardinality(v_slots) loop
        v_total := v_used[v_slots[i]] + v_amounts[v_fields[i]];
        exit when v_total >= v_stops[i];
        v_used[v_slots[i]] := v_total;
        v_result[3 + i] := v_total;
        v_parts := concat(v_parts, case when i > 1 then ', ' end, '{"used": "', trim_scale(v_total), v_heads[i],
          trim_scale(round(v_total * 100 / v_limits[i], 2)), case when v_limits[i] is not null then '", "remaining": "' end,
          trim_scale(v_limits[i] - v_total), v_tails[i]);
      end loop;
      if cardinality(v_result) = 3 + cardinality(v_slots) then
        v_id := subctl.uuid7(v_at);
        if p_key is not null then
          insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
          values (p_customer, p_key, v_at, v_id, subctl.plain_usage_content(p_kind, p_at, quantity))
          on conflict do nothing;
        end if;
        if p_key is null or found then
          update subctl.usage_totals t set used = v_used where t.customer_id = p_customer;
          insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier, subscription_id, plan_id, version, result)
          values (p_customer, v_at, v_id, v_now, v_kind, quantity, 'paid', v_subscription, v_plan, v_version, v_result || v_windows);
          -- as jsonb writes it: the shorter names first
          return concat('{"at": "', subctl.iso(v_at), '", "cost": null, "kind": "', v_kind, '", "alerts": [], "limits": [', v_parts,
            '], "reason": null, "allowed": true, "credits": null, "customer": ', to_json(p_customer), ', "event_id": "', v_id,
            '", "replayed": false, "unpriced": false}');
        end if;
      end if;
    end if;
  end if;
  return subctl.apply_usage('record', customer, kind, at, as_of, coalesce(quantity, 1), provider, model, input_tokens, output_tokens,
    cached_tokens, units, cost, member, session, status, latency_ms, endpoint, key, coalesce(already_spent, false),
    coalesce(partial, false), metadata);
end $$;
