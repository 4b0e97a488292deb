-- Finds, for each use of a batch without an answer, the cached rules, in the order of each customer's uses: those of
-- record_plain_use (customer_rules), or for a use with a provider, a model or tokens those of record_priced_use
-- (customer_priced_rules). `slots` is null where there are none. Rules that spend credits are valid only for present
-- uses. `is_known`: its key is known, from before or from an earlier use of the batch. Plans are cached and never read
-- a whole table. Takes no locks: the caller has locked the customers.
create or replace function subctl_internal.find_batch_rules(
  requests subctl.usage_request[], as_of timestamptz, answers text[]) returns setof subctl.batch_rules
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    select x.place::int, x.customer, x.at, x.is_known or k.key is not null, t.used::numeric[], r.slots, r.fields,
           r.stops, r.heads, r.windows, r.opening, r.canonical, r.subscription_id, r.plan_id, r.version, r.provider,
           r.tier, r.rates, r.price_from, r.price_provider, not x.is_plain,
           case when r.slots is not null then subctl_internal.uuid7(x.at) end,
           case when x.key is null or r.slots is null then null
                when x.is_plain then subctl_internal.plain_usage_content(x.kind, x.given_at, x.quantity)
                else subctl_internal.priced_usage_content(
                       x.kind, x.given_at, x.quantity, x.provider, x.model, x.input_tokens, x.output_tokens,
                       x.cached_tokens, x.session, x.latency_ms) end,
           t.rolled::numeric[], r.spans, r.marked, r.credit_cost, r.grant_id
      from (
        select u.place, u.customer, u.kind, u.given_at, u.quantity, u.provider, u.model, u.input_tokens,
               u.output_tokens, u.cached_tokens, u.session, u.latency_ms, u.key,
               case when u.given_at is null then find_batch_rules.as_of
                    when u.given_at between find_batch_rules.as_of - interval '24 hours'
                      and find_batch_rules.as_of + interval '5 minutes' then u.given_at end as at,
               u.key is not null
                 and row_number() over (partition by u.customer, u.key order by u.place) > 1 as is_known,
               num_nonnulls(u.provider, u.model, u.input_tokens, u.output_tokens, u.cached_tokens, u.session,
                            u.latency_ms) = 0 as is_plain,
               not u.already_spent and not u.partial
                 and num_nonnulls(u.units, u.cost, u.member, u.status, u.endpoint, u.metadata) = 0
                 and least(u.quantity, u.input_tokens, u.output_tokens, u.cached_tokens) >= 0
                 and greatest(u.quantity, u.input_tokens, u.output_tokens) < 'Infinity'
                 and coalesce(u.cached_tokens, 0) <= coalesce(u.input_tokens, 0) and length(concat(u.key)) <= 500
                 and concat(u.key, ' ', u.session) !~ subctl_internal.secret_signs() as may_follow
          from unnest(requests) with ordinality u(mode, customer, kind, given_at, as_of, quantity, provider, model,
                 input_tokens, output_tokens, cached_tokens, units, cost, member, session, status, latency_ms, endpoint,
                 key, already_spent, partial, metadata, place)
         where answers[u.place] is null and u.customer is not null) x
      left join subctl.usage_keys k on k.customer_id = x.customer and k.key = x.key
      left join subctl.usage_totals t on t.customer_id = x.customer
      left join lateral (
        select p.generation, p.catalog, p.live_from, p.live_until, p.canonical, p.slots, p.fields, p.stops, p.heads,
               p.windows, p.subscription_id, p.plan_id, p.version, p.opening, p.credit_cost, p.grant_id,
               null as provider, 'paid' as tier, null::numeric[] as rates, null::timestamptz as price_from,
               null as price_provider, p.spans, p.marked
          from subctl.customer_rules p
         where x.is_plain and p.customer_id = x.customer and p.kind = x.kind
        union all
        select p.generation, p.catalog, p.live_from, p.live_until, p.canonical, p.slots, p.fields, p.stops, p.heads,
               p.windows, p.subscription_id, p.plan_id, p.version, p.opening, p.credit_cost, p.grant_id,
               p.used_provider, p.tier, p.rates, p.price_from, p.price_provider, p.spans, p.marked
          from subctl.customer_priced_rules p
         where not x.is_plain and p.customer_id = x.customer and p.kind = x.kind
           and p.provider = coalesce(x.provider, '') and p.model = coalesce(x.model, '')
           and p.has_tokens = (num_nonnulls(x.input_tokens, x.output_tokens) > 0)) r
        on x.may_follow and (r.credit_cost is null or x.given_at is null and x.quantity > 0)
       and r.generation = t.generation
       and x.at >= r.live_from and x.at < r.live_until
       and (t.held_until is null or t.held_until <= find_batch_rules.as_of)
       and r.catalog = pg_sequence_last_value('subctl.catalog_generation')
     order by x.customer collate "C", x.place;
end $$;
