-- How a recorded use was decided, as things were then: plan version and segment, each limit with its window and sum, the price rows and
-- lines of its cost, the grants that paid, what became of it since; each figure with the number of the rule that decided it and the rows
-- that were looked at. Facts alone, read from what the functions of usage wrote down. No such event: SB003.
create or replace function subctl.explain_event(customer text, event uuid, as_of timestamptz) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_event alias for $2;
  v_ms timestamptz := timestamptz 'epoch' + subctl.uuid7_ms(p_event) * interval '1 millisecond';
  e subctl.usage_events%rowtype;
  p record; v_failed boolean;
  v_limits jsonb; v_cost jsonb; v_credits jsonb; v_list jsonb; v_since jsonb;
begin
  select * into e from subctl.usage_events x
   where x.customer_id = p_customer and x.id = p_event and x.at >= v_ms and x.at < v_ms + interval '1 millisecond';
  if not found then
    raise exception 'There is no event % of customer %', p_event, p_customer using errcode = 'SB003', hint = format('subctl usage events %s', p_customer);
  end if;

  -- the limits, in the order in which they were decided
  select coalesce(jsonb_agg(subctl.explain_limit(p_customer, e.plan_id, e.version,
           subctl.limit_json(w.meter_id, w."window", w.scope, g.used, g.limit_value, to_timestamp(g.starts::float8), to_timestamp(g.ends::float8)),
           e.at, $3, e.member_id, e.session_id, coalesce(a.amount, 0))
         || jsonb_build_object('late', j.reason is not null, 'alerts', t.thresholds) order by g.place), '[]') into v_limits
    from subctl.event_limits(e.result) g
    join subctl.meter_windows w on w.id = g.window_id
    left join lateral (select x.amount from subctl.metered_events(p_customer, w.meter_id, null, e.at, e.at + interval '1 microsecond') x where x.id = p_event) a on true
    left join lateral (select x.reason from subctl.usage_adjustments x
                        where x.customer_id = p_customer and x.event_id = p_event and x.meter_id = w.meter_id and x."window" = w."window" and x.scope = w.scope
                        limit 1) j on true
   cross join lateral (select coalesce(jsonb_agg(trim_scale(x.threshold)::text order by x.threshold), '[]') as thresholds from subctl.alerts x
                        where x.customer_id = p_customer and x.event_id = p_event and x.meter_id = w.meter_id and x."window" = w."window" and x.scope = w.scope) t;

  -- the cost, at the prices in force at its own time (R25)
  v_failed := e.status is not null and subctl.usage_failed(e.status);
  select null::numeric as cost, null::text as price_provider, null::text as price_model, null::jsonb as lines into p;
  if e.price_from is not null or e.unpriced then
    select * into p from subctl.price_usage(coalesce(e.price_provider, e.provider), e.model, e.at, abs(e.quantity), e.kind, abs(e.input_tokens), abs(e.output_tokens), abs(e.cached_tokens), e.units, true);
    select coalesce(jsonb_agg(jsonb_build_object('provider', x.provider, 'model', x.model, 'component', x.component, 'amount', trim_scale(x.amount)::text,
             'per', trim_scale(x.per)::text, 'effective_from', subctl.iso(x.effective_from), 'revision', x.revision, 'source', x.source) order by x.component), '[]')
      into v_list
      from (select distinct on (r.component) r.* from subctl.prices r
             where r.provider = coalesce(p.price_provider, e.price_provider, e.provider) and r.model = coalesce(p.price_model, e.model) and r.effective_from <= e.at and r.recorded_at <= greatest(e.recorded_at, e.at)
             order by r.component, r.effective_from desc, r.revision desc) x;
  end if;
  v_cost := jsonb_build_object('cost', trim_scale(e.cost)::text, 'currency', subctl.setting('cost_currency'),
    'basis', case when e.unpriced then 'unpriced' when e.price_from is not null then 'prices'
                  when e.cost = 0 and exists (select from subctl.kinds k where k.id = e.kind and k.cost = 'none') then 'none'
                  when e.cost is not null then 'given' when v_failed then 'failed call' else 'no provider' end,
    'rule', case when e.unpriced then 'R26' when e.price_from is not null then 'R25' end,
    'price_provider', coalesce(p.price_provider, e.price_provider), 'price_model', p.price_model, 'price_from', subctl.iso(e.price_from), 'lines', coalesce(case when p.cost = abs(e.cost) then p.lines end, '[]'),
    'prices', coalesce(v_list, '[]'), 'cost_today', case when p.cost is distinct from abs(e.cost) then trim_scale(p.cost)::text end);

  -- the grants that paid, in the order that was written (R21)
  if e.credits is not null then
    select jsonb_build_object('used', trim_scale(e.credits)::text, 'quantity', trim_scale(e.quantity)::text,
      'each', case when e.quantity <> 0 and e.result[2] is distinct from 1 then trim_scale(e.credits / e.quantity)::text end,
      'balance', trim_scale(e.result[1])::text, 'rule', 'R21',
      'grants', coalesce(jsonb_agg(jsonb_build_object('grant', g.id, 'source', g.source, 'priority', g.priority, 'expires_at', subctl.iso(g.expires_at),
        'granted_at', subctl.iso(g.granted_at), 'amount', trim_scale(-x.amount)::text, 'balance_after', trim_scale(x.balance_after)::text, 'entry', x.id)
        order by x.id) filter (where x.id is not null), '[]')) into v_credits
      from (select 1) one
      left join subctl.credit_entries x on x.customer_id = p_customer and x.event_id = p_event
      left join subctl.credit_grants g on g.customer_id = p_customer and g.id = x.grant_id;
  end if;

  select jsonb_build_object(
    'reversed_by', (select x.id from subctl.usage_events x where x.customer_id = p_customer and x.at = e.at and x.reverses = p_event),
    'reverses', e.reverses, 'key', (select x.key from subctl.usage_keys x where x.customer_id = p_customer and x.event_id = p_event limit 1),
    'reservation', (select x.id from subctl.reservations x where x.customer_id = p_customer and x.event_id = p_event limit 1)) into v_since;

  return jsonb_build_object(
    'explains', 'event', 'customer', p_customer, 'event_id', p_event, 'at', subctl.iso(e.at), 'recorded_at', subctl.iso(e.recorded_at), 'kind', e.kind,
    'quantity', trim_scale(e.quantity)::text, 'provider', e.provider, 'model', e.model, 'tier', e.tier, 'member', e.member_id, 'session', e.session_id,
    'status', e.status, 'failed', v_failed, 'already_spent', e.already_spent, 'overage', coalesce(e.result[2] = 1, false), 'partial', e.result[3] is not null,
    'asked', trim_scale(e.result[3])::text, 'timezone', subctl.zone_of(p_customer, e.at))
  || jsonb_build_object(
    'tokens', jsonb_build_object('input', trim_scale(e.input_tokens)::text, 'output', trim_scale(e.output_tokens)::text, 'cached', trim_scale(e.cached_tokens)::text,
      'units', e.units, 'counted', trim_scale(e.tokens)::text, 'estimated', e.estimated,
      'rule', case when e.estimated then 'R18' when e.tokens <> coalesce(e.input_tokens, 0) + coalesce(e.output_tokens, 0) then 'R28' end),
    'standing', subctl.explain_standing(p_customer, e.at) || jsonb_build_object('plan', e.plan_id, 'version', e.version),
    'limits', v_limits, 'cost', v_cost, 'credits', v_credits,
    'rows', jsonb_build_array(format('usage_events %s %s %s', p_customer, subctl.iso(e.at), p_event), format('plan_versions %s %s', e.plan_id, e.version)))
  || v_since;
end $$;
