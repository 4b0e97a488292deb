-- Explains the cost of a recorded use at the prices in force at its own time (R25): its source, the price rows and
-- lines, and its cost today where that differs.
create or replace function subctl_internal.explain_cost(p_customer text, p_at timestamptz, p_event uuid) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  used record;
  priced record;
  price_rows jsonb;
begin
  select e.* into used from subctl.usage_events e
   where e.customer_id = p_customer and e.at = p_at and e.id = p_event;
  select null::numeric as cost, null::text as price_provider, null::text as price_model, null::jsonb as lines
    into priced;
  if used.price_from is not null or used.unpriced then
    select * into priced from subctl_internal.price_usage(
      coalesce(used.price_provider, used.provider), used.model, used.at, abs(used.quantity), used.kind,
      abs(used.input_tokens), abs(used.output_tokens), abs(used.cached_tokens), used.units, true);
    select coalesce(jsonb_agg(jsonb_build_object(
             'provider', x.provider, 'model', x.model, 'component', x.component, 'amount', trim_scale(x.amount)::text,
             'per', trim_scale(x.per)::text, 'effective_from', subctl_internal.iso(x.effective_from),
             'revision', x.revision, 'source', x.source) order by x.component), '[]')
      into price_rows
      from (select distinct on (r.component) r.*
              from subctl.prices r
             where r.provider = coalesce(priced.price_provider, used.price_provider, used.provider)
               and r.model = coalesce(priced.price_model, used.model) and r.effective_from <= used.at
               and r.recorded_at <= greatest(used.recorded_at, used.at)
             order by r.component, r.effective_from desc, r.revision desc) x;
  end if;
  return jsonb_build_object(
    'cost', trim_scale(used.cost)::text, 'currency', subctl_internal.setting('cost_currency'),
    'basis', case
      when used.unpriced then 'unpriced'
      when used.price_from is not null then 'prices'
      when used.cost = 0 and exists (select 1 from subctl.kinds k where k.id = used.kind and k.cost = 'none')
        then 'none'
      when used.cost is not null then 'given'
      when used.status is not null and subctl_internal.usage_failed(used.status) then 'failed call'
      else 'no provider' end,
    'rule', case when used.unpriced then 'R26' when used.price_from is not null then 'R25' end,
    'price_provider', coalesce(priced.price_provider, used.price_provider), 'price_model', priced.price_model,
    'price_from', subctl_internal.iso(used.price_from),
    'lines', coalesce(case when priced.cost = abs(used.cost) then priced.lines end, '[]'),
    'prices', coalesce(price_rows, '[]'),
    'cost_today', case when priced.cost is distinct from abs(used.cost) then trim_scale(priced.cost)::text end);
end $$;
