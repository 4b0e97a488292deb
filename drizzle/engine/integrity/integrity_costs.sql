-- Prices each event again. An event is left out where a price for a time before it was recorded after it.
create or replace view subctl.integrity_costs as
with priced as (
  select e.* from subctl.usage_events e
   where e.price_from is not null
     and not exists (select 1 from subctl.prices p
                      where p.provider in (e.provider, e.price_provider)
                        and (lower(p.model) in (lower(e.model), 'default') or p.model like '%*%')
                        and p.effective_from <= e.at and p.recorded_at > e.recorded_at)
)
select e.customer_id, 'cost of event ' || e.id as subject, coalesce(x.cost::text, 'unpriced') as expected,
       coalesce(trim_scale(e.cost)::text, 'none') as found
  from priced e
 cross join lateral subctl_internal.price_usage(coalesce(e.price_provider, e.provider), e.model, e.price_from,
                                                e.quantity,
                                                e.kind, e.input_tokens, e.output_tokens, e.cached_tokens, e.units) x
 where e.cost is distinct from x.cost
union all
select e.customer_id, 'price of event ' || e.id, coalesce(subctl_internal.iso(x.price_from), 'none'),
       subctl_internal.iso(e.price_from)
  from priced e
 cross join lateral subctl_internal.price_usage(coalesce(e.price_provider, e.provider), e.model, e.at, e.quantity,
                                                e.kind, e.input_tokens, e.output_tokens, e.cached_tokens, e.units) x
 where e.price_from is distinct from x.price_from
union all
select e.customer_id, 'cost of event ' || e.id,
       case when e.unpriced then 'none: it is unpriced' else 'a cost, or unpriced' end,
       coalesce(trim_scale(e.cost)::text, 'none')
  from subctl.usage_events e
 where (e.unpriced and e.cost is not null)
    or (e.reverses is null and not e.unpriced and e.cost is null
        and not coalesce(subctl_internal.usage_failed(e.status), false)
        and (num_nonnulls(e.provider, e.model, e.input_tokens, e.output_tokens, e.cached_tokens) > 0
             or e.units <> '{}')
        and not exists (select 1 from subctl.kinds k where k.id = e.kind and k.cost = 'none'));
comment on view subctl.integrity_costs is
  'R25, R26: Each event costs what the prices in force at its time say, or is marked as unpriced';
