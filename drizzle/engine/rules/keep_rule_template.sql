-- Caches the part of a use's rules that depends on the plan alone, for customers without rules for such uses
-- (rules_from_template): without the windows' bounds and totals, with the validity of the price. Only where none of
-- the present catalog exists. One session at a time writes and deletes templates of earlier catalogs; others skip it.
-- The caller holds the customer's row and has written its rules.
create or replace function subctl_internal.keep_rule_template(
  made subctl.customer_priced_rules, request subctl.usage_request, standing subctl.usage_standing,
  measure subctl.usage_measure, rules subctl.plan_rules) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_is_plain boolean := made.tier is null;
  v_has_tokens boolean := coalesce(made.has_tokens, false);
  v_priced subctl.customer_priced_rules;
begin
  if exists (
       select 1 from subctl.rule_templates m
        where m.plan_id = made.plan_id and m.version = made.version and m.kind = made.kind
          and m.provider = made.provider and m.model = made.model and m.is_plain = v_is_plain
          and m.has_tokens = v_has_tokens and m.catalog = made.catalog
          and (m.priced_until is null or standing.at < m.priced_until))
     or not pg_try_advisory_xact_lock(7318, 0) then
    return;
  end if;
  if not v_is_plain then
    v_priced.live_until := 'infinity';
    v_priced := subctl_internal.priced_rules(v_priced, request, standing, measure, rules);
  end if;
  delete from subctl.rule_templates m
   where m.catalog <> made.catalog
      or m.plan_id = made.plan_id and m.version = made.version and m.kind = made.kind and m.provider = made.provider
     and m.model = made.model and m.is_plain = v_is_plain and m.has_tokens = v_has_tokens;
  insert into subctl.rule_templates (
    plan_id, version, kind, provider, model, is_plain, has_tokens, catalog, canonical, used_provider, tier, rates,
    price_from, price_provider, priced_from, priced_until, opening, credit_cost, thresholds, meters, ids, names,
    window_kinds, window_counts, restarts, fields, limits, stops, heads)
  select made.plan_id, made.version, made.kind, made.provider, made.model, v_is_plain, v_has_tokens, made.catalog,
         made.canonical, made.used_provider, coalesce(made.tier, ''), made.rates, made.price_from, made.price_provider,
         v_priced.live_from, nullif(v_priced.live_until, 'infinity'),
         substr(r.opening, 1 + length(
           concat('{"allowed": true, "reason": null, "customer": ', to_json(made.customer_id)))),
         made.credit_cost, rules.thresholds, coalesce(made.meters, '{}'), w.*
    from (
      select p.heads, p.opening
        from subctl.customer_rules p
       where v_is_plain and p.customer_id = made.customer_id and p.kind = made.kind
         and p.catalog = made.catalog and p.generation = made.generation
      union all
      select p.heads, p.opening
        from subctl.customer_priced_rules p
       where not v_is_plain and p.customer_id = made.customer_id and p.kind = made.kind
         and p.provider = made.provider and p.model = made.model and p.catalog = made.catalog
         and p.generation = made.generation) r
   cross join lateral (
     select coalesce(array_agg(x.id order by x.n), '{}'), coalesce(array_agg(l.win order by x.n), '{}'),
            coalesce(array_agg(l.kind order by x.n), '{}'), coalesce(array_agg(l.count order by x.n), '{}'),
            coalesce(array_agg(l.tier is distinct from 'free' and l.kind <> 'lifetime' order by x.n), '{}'),
            coalesce(array_agg(x.field order by x.n), '{}'), coalesce(array_agg(x.lim order by x.n), '{}'),
            coalesce(array_agg(case when x.lim is null or x.field = 0 then 'Infinity' else least(x.lim, (
              select min(x.lim * h.threshold * 0.01) from unnest(rules.thresholds) h(threshold)
               where x.lim * h.threshold * 0.01 > 0)) end order by x.n), '{}'),
            coalesce(array_agg(left(x.head, position('"window_start": ' in x.head) - 1) order by x.n), '{}')
       from unnest(made.windows[1 : cardinality(made.fields)], made.fields, r.heads,
                   made.windows[cardinality(made.fields) + 1 : 2 * cardinality(made.fields)])
              with ordinality x(id, field, head, lim, n)
       join unnest(rules.ids, rules.wins, rules.win_kinds, rules.win_ns, rules.tiers) l(id, win, kind, count, tier)
         on l.id = x.id) w
  on conflict do nothing;
end $$;
