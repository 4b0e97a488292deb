-- Gives customers of a batch without any earlier use the rules and open windows that the first use of another customer
-- without a subscription has created (first_use_rules), as if their own use had been decided. Only for each customer's
-- first present use without an answer. Customers with a subscription, limits of their own, several zones or
-- reservations, and disabled ones, are decided by decide_usage. Returns how many customers it served, null where it is
-- no customer's first use. The caller has locked the customers with a row of totals; the others get it here, which
-- locks it. Where another session creates one of them meanwhile, it gives none. Plans are cached and never read a
-- whole table.
create or replace function subctl_internal.adopt_rules(
  requests subctl.usage_request[], as_of timestamptz, answers text[])
  returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_given int;
  v_counted int;
begin
  if not exists (
       select 1 from unnest(requests) u
         left join subctl.usage_totals t on t.customer_id = u.customer
        where coalesce(t.generation, 0) = 0) then
    return null;
  end if;
  perform subctl_internal.check_write_time(as_of);
  begin
    with firsts as (
      select distinct on (u.customer) u.customer, u.kind, coalesce(u.provider, '') as provider,
             coalesce(u.model, '') as model, coalesce(u.at, adopt_rules.as_of) as at,
             num_nonnulls(u.provider, u.model, u.input_tokens, u.output_tokens, u.cached_tokens, u.session,
                          u.latency_ms) = 0 as is_plain,
             num_nonnulls(u.input_tokens, u.output_tokens) > 0 as has_tokens,
             num_nonnulls(u.units, u.cost, u.member, u.session, u.status, u.endpoint, u.metadata) = 0
               and not u.already_spent and not u.partial as may_follow
        from unnest(requests) with ordinality u(mode, customer, kind, at, as_of, quantity, provider, model,
               input_tokens, output_tokens, cached_tokens, units, cost, member, session, status, latency_ms, endpoint,
               key, already_spent, partial, metadata, place)
       where answers[u.place] is null and u.customer is not null
       order by u.customer, u.place
    ), given as materialized (
      select x.customer, f.*
        from firsts x
        join subctl.customers c on c.id = x.customer and c.disabled_at is null and not c.has_overrides
        left join subctl.usage_totals t on t.customer_id = x.customer
        left join subctl.customer_windows s on s.customer_id = x.customer
        join subctl.first_use_rules f
          on f.timezone = c.timezone and f.kind = x.kind and f.provider = x.provider and f.model = x.model
         and f.is_plain = x.is_plain and f.has_tokens = x.has_tokens and x.at >= f.live_from and x.at < f.live_until
         and f.catalog = pg_sequence_last_value('subctl.catalog_generation')
       where x.may_follow and coalesce(t.generation, 0) = 0 and t.held_until is null
         and coalesce(cardinality(t.used), 0) = 0 and s.plan_id is null and coalesce(s.epoch, 0) = 0
         and coalesce(cardinality(s.ids), 0) = 0 and s.uncounted_until is null
         and x.at between adopt_rules.as_of - interval '1 hour' and adopt_rules.as_of + interval '5 minutes'
         and not exists (select 1 from subctl.subscriptions u where u.customer_id = x.customer)
         and not exists (select 1 from subctl.customer_rules r where r.customer_id = x.customer)
         and not exists (select 1 from subctl.customer_priced_rules r where r.customer_id = x.customer)
         and not exists (select 1 from subctl.customer_zones z where z.customer_id = x.customer and isfinite(z.from_at))
    ), counted as (
      insert into subctl.usage_totals as t (customer_id, used, rolled, generation)
      select g.customer, array_fill(0::numeric, array[cardinality(g.ids)]), g.rolled, 1 from given g order by g.customer
      on conflict (customer_id) do update
        set used = excluded.used, rolled = excluded.rolled, generation = 1
        where t.generation = 0 and t.held_until is null and cardinality(t.used) = 0
      returning t.customer_id
    ), opened as (
      insert into subctl.customer_windows (customer_id, epoch, plan_id, version, ids, starts, ends, refused,
        credits_due_at,
                                      next_end)
      select g.customer, 0, g.plan_id, g.version, g.ids, g.starts, g.ends,
             array_fill(0::numeric, array[cardinality(g.ids)]), '-infinity',
             (select min(w.ends) from unnest(g.ends) w(ends))
        from given g order by g.customer
      on conflict (customer_id) do update
        set plan_id = excluded.plan_id, version = excluded.version, ids = excluded.ids, starts = excluded.starts,
            ends = excluded.ends, refused = excluded.refused, credits_due_at = excluded.credits_due_at,
            next_end = excluded.next_end
    ), plain as (
      insert into subctl.customer_rules (
        customer_id, kind, generation, catalog, live_from, live_until, canonical, slots, fields, stops, heads, windows,
        plan_id, version, opening, spans, marked)
      select g.customer, g.kind, 1, g.catalog, g.live_from, g.live_until, g.canonical, g.slots, g.fields, g.stops,
             g.heads, g.windows, g.plan_id, g.version,
             concat('{"allowed": true, "reason": null, "customer": ', to_json(g.customer), g.opening), g.spans, g.marked
        from given g where g.is_plain
      on conflict do nothing
    ), priced as (
      insert into subctl.customer_priced_rules (
        customer_id, kind, generation, catalog, live_from, live_until, canonical, slots, fields, stops, heads, windows,
        plan_id, version, opening, spans, marked, provider, model, has_tokens, used_provider, tier, meters, rates,
        price_from, price_provider)
      select g.customer, g.kind, 1, g.catalog, g.live_from, g.live_until, g.canonical, g.slots, g.fields, g.stops,
             g.heads, g.windows, g.plan_id, g.version,
             concat('{"allowed": true, "reason": null, "customer": ', to_json(g.customer), g.opening), g.spans,
             g.marked, g.provider, g.model, g.has_tokens, g.used_provider, g.tier, g.meters, g.rates, g.price_from,
             g.price_provider
        from given g where not g.is_plain
      on conflict do nothing
    )
    select (select count(*) from given), (select count(*) from counted) into v_given, v_counted;
    if v_counted < v_given then raise serialization_failure; end if;   -- another session created one of them
  exception when serialization_failure then
    return 0;
  end;
  return v_given;
end $$;
