-- Records the plain uses of a batch as record_plain_use would one after another, but reads, adds and compares in one
-- loop and writes keys, totals and events in a statement each. `answers` has the answers by place, null for a use that
-- has none yet; the plain ones are added. The uses of a customer are in their order: the first that is not plain, or
-- that reaches one of its stops, and all that come after it stay without an answer. So do uses whose key is known, from
-- before or from this batch; they change nothing, and those after them go on. `brief`: answers say the verdict alone.
-- The caller has locked the customers: no other session writes a key of theirs. Plans are kept, and never read a whole
-- table.
create or replace function subctl.record_plain_batch(
  requests subctl.usage_request[], as_of timestamptz, answers text[], brief boolean) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  asked record;
  v_answers text[] := answers;
  v_customer text := '';
  v_used numeric[];
  v_is_over boolean;
  v_is_raised boolean := false;
  v_raised subctl.raised_totals[] := '{}';
  v_uses subctl.plain_use[] := '{}';
  v_total numeric;
  v_limit numeric;
  v_totals numeric[];
  v_parts text;
begin
  for asked in
    select x.place, x.customer, x.at, x.quantity, x.key, x.is_known or k.key is not null as is_known, t.used, r.slots,
           r.fields, r.stops, r.heads, r.windows, r.opening, r.canonical, r.subscription_id, r.plan_id, r.version,
           case when r.slots is not null then subctl.uuid7(x.at) end as id,
           case when x.key is not null then subctl.plain_usage_content(x.kind, x.given_at, x.quantity) end as content
      from (
        select u.place, u.customer, u.kind, u.at as given_at, u.quantity, u.key,
               case when u.at is null then as_of
                    when u.at between as_of - interval '24 hours' and as_of + interval '5 minutes' then u.at end as at,
               u.key is not null
               and row_number() over (partition by u.customer, u.key order by u.place) > 1 as is_known,
               not u.already_spent and not u.partial
               and num_nonnulls(u.provider, u.model, u.input_tokens, u.output_tokens, u.cached_tokens, u.units, u.cost,
                     u.member, u.session, u.status, u.latency_ms, u.endpoint, u.metadata) = 0
               and u.quantity >= 0 and u.quantity < 'Infinity' and (u.key is null or length(u.key) <= 500
                 and (u.key !~ subctl.secret_signs() or subctl.secret_in(u.key) is null)) as is_plain
          from unnest(requests) with ordinality u(mode, customer, kind, at, its_as_of, quantity, provider, model,
                 input_tokens, output_tokens, cached_tokens, units, cost, member, session, status, latency_ms, endpoint,
                 key, already_spent, partial, metadata, place)
         where answers[u.place] is null and u.customer is not null) x
      left join subctl.usage_keys k on k.customer_id = x.customer and k.key = x.key
      left join subctl.usage_totals t on t.customer_id = x.customer
      left join subctl.customer_rules r
        on r.customer_id = x.customer and r.kind = x.kind and x.is_plain and r.credit_cost is null
       and r.generation = t.generation and x.at >= r.live_from and x.at < r.live_until
       and r.catalog = pg_sequence_last_value('subctl.catalog_generation')
     order by x.customer collate "C", x.place
  loop
    if asked.customer <> v_customer then
      if v_is_raised then v_raised := v_raised || row(v_customer, v_used)::subctl.raised_totals; end if;
      v_customer := asked.customer;
      v_used := asked.used;
      v_is_raised := false;
      v_is_over := false;
    end if;
    continue when v_is_over or asked.slots is not null and asked.is_known;
    if asked.slots is null then
      v_is_over := true;
      continue;
    end if;
    v_totals := '{}';
    for i in 1 .. cardinality(asked.slots) loop
      v_total := v_used[asked.slots[i]] + case when asked.fields is null or asked.fields[i] = 1 then asked.quantity
                                           when asked.fields[i] = 2 then 1 else 0 end;
      exit when v_total >= asked.stops[i];
      v_totals[i] := v_total;
    end loop;
    if cardinality(v_totals) < cardinality(asked.slots) then
      v_is_over := true;
      continue;
    end if;
    v_is_raised := true;
    v_parts := null;
    for i in 1 .. cardinality(asked.slots) loop
      v_total := v_totals[i];
      v_used[asked.slots[i]] := v_total;
      continue when brief;
      v_limit := asked.windows[cardinality(asked.slots) + i];
      if v_limit is null then
        v_parts := concat(v_parts, asked.heads[i], trim_scale(v_total), '", "remaining": null, "percent": null}');
      else
        v_parts := concat(v_parts, asked.heads[i], trim_scale(v_total), '", "remaining": "',
                          trim_scale(v_limit - v_total), '", "percent": "',
                          trim_scale(round(v_total * 100 / v_limit, 2)), '"}');
      end if;
    end loop;
    v_uses := v_uses || row(asked.customer, asked.at, asked.id, asked.key, asked.content, asked.canonical,
      asked.quantity, asked.subscription_id, asked.plan_id, asked.version,
      array[null, null, null]::numeric[] || v_totals || asked.windows)::subctl.plain_use;
    if brief then
      v_answers[asked.place] := '{"allowed": true, "replayed": false, "unpriced": false}';
    else
      v_answers[asked.place] := concat(asked.opening, subctl.iso(asked.at), '", "event_id": "', asked.id,
                                   '", "limits": [', v_parts, ']}');
    end if;
  end loop;
  if v_is_raised then v_raised := v_raised || row(v_customer, v_used)::subctl.raised_totals; end if;
  if cardinality(v_uses) > 0 then
    insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
    select u.customer_id, u.key, u.at, u.id, u.content from unnest(v_uses) u where u.key is not null;
    update subctl.usage_totals t set used = u.used from unnest(v_raised) u where t.customer_id = u.customer_id;
    insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier, subscription_id, plan_id,
                                     version, result)
    select u.customer_id, u.at, u.id, as_of, u.kind, u.quantity, 'paid', u.subscription_id, u.plan_id, u.version,
           u.result
      from unnest(v_uses) u;
  end if;
  return v_answers;
end $$;
