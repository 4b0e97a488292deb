-- Caches the rules of a customer's first use for the first uses of other customers without a subscription in the same
-- zone (adopt_rules), whose windows and limits are the same. Only where no valid ones exist; it never waits for
-- another session that caches them. Not for uses that cost credits. The caller holds the customer's row and has
-- written its rules and its windows.
create or replace function subctl_internal.keep_first_use_rules(
  made subctl.customer_priced_rules, standing subctl.usage_standing, tally subctl.usage_tally, p_thresholds numeric[])
returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_zone text;
  v_is_plain boolean := made.tier is null;
  v_has_tokens boolean := coalesce(made.has_tokens, false);
begin
  select c.timezone into v_zone from subctl.customers c where c.id = made.customer_id;
  if v_zone is null or exists (
       select 1 from subctl.first_use_rules f
        where f.timezone = v_zone and f.kind = made.kind and f.provider = made.provider and f.model = made.model
          and f.is_plain = v_is_plain and f.has_tokens = v_has_tokens and f.catalog = made.catalog
          and standing.at >= f.live_from and standing.at < f.live_until)
     or not pg_try_advisory_xact_lock(7317, hashtext(concat_ws('|', v_zone, made.kind, made.provider, made.model))) then
    return;
  end if;
  delete from subctl.first_use_rules f
   where f.timezone = v_zone and f.kind = made.kind and f.provider = made.provider and f.model = made.model
     and f.is_plain = v_is_plain and f.has_tokens = v_has_tokens;
  insert into subctl.first_use_rules (
    timezone, is_plain, kind, catalog, live_from, live_until, canonical, slots, fields, stops, heads, windows, plan_id,
    version, opening, spans, marked, provider, model, has_tokens, used_provider, tier, meters, rates, price_from,
    price_provider, ids, starts, ends, rolled)
  select v_zone, v_is_plain, made.kind, made.catalog,
         greatest(standing.period_start, (select max(s.begins) from unnest(tally.starts) s(begins)), made.live_from),
         r.live_until, r.canonical, r.slots, r.fields,
         array(select case when l.lim is null or made.fields[l.n] = 0 then 'Infinity' else least(l.lim, (
                        select min(l.lim * h.threshold * 0.01) from unnest(p_thresholds) h(threshold)
                         where l.lim * h.threshold * 0.01 > 0)) end
                 from unnest(r.windows[cardinality(r.slots) + 1 : 2 * cardinality(r.slots)]) with ordinality l(lim, n)
                order by l.n),
         r.heads, r.windows, r.plan_id, r.version,
         substr(r.opening, 1 + length(
           concat('{"allowed": true, "reason": null, "customer": ', to_json(made.customer_id)))),
         r.spans, r.marked, made.provider, made.model, v_has_tokens, made.used_provider, coalesce(made.tier, ''),
         made.meters, made.rates, made.price_from, made.price_provider, tally.ids, tally.starts, tally.ends,
         case when r.spans is not null then (
           select array[-'Infinity'::numeric, 'Infinity', t.rolled[3]] || array(
                    select case when p.place % 3 = 0 then 0 else t.rolled[p.place] end
                      from generate_series(4, cardinality(t.rolled)) p(place) order by p.place)
             from subctl.usage_totals t where t.customer_id = made.customer_id) end
    from (
      select p.live_until, p.canonical, p.slots, p.fields, p.stops, p.heads, p.windows, p.plan_id, p.version, p.opening,
             p.spans, p.marked
        from subctl.customer_rules p
       where v_is_plain and p.customer_id = made.customer_id and p.kind = made.kind
      union all
      select p.live_until, p.canonical, p.slots, p.fields, p.stops, p.heads, p.windows, p.plan_id, p.version, p.opening,
             p.spans, p.marked
        from subctl.customer_priced_rules p
       where not v_is_plain and p.customer_id = made.customer_id and p.kind = made.kind
         and p.provider = made.provider and p.model = made.model) r
  on conflict do nothing;
end $$;
