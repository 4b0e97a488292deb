-- Explains how a recorded use was decided, as of its time: plan version and phase, each limit with its window and sum,
-- the price rows and lines of its cost (explain_cost), the grants that paid (explain_credits), and later changes. Each
-- figure has the number of the rule that decided it and the rows that were read. Reads only stored facts. An unknown
-- event is an error, SB003.
create or replace function subctl.explain_event(customer text, event uuid, as_of timestamptz) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  millisecond timestamptz := timestamptz 'epoch' + subctl_internal.uuid7_ms(event) * interval '1 millisecond';
  used record;
  limits jsonb;
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[customer]); end if;
  select e.* into used from subctl.usage_events e
   where e.customer_id = customer and e.id = event and e.at >= millisecond
     and e.at < millisecond + interval '1 millisecond';
  if not found then
    raise exception 'There is no event % of customer %', event, customer
      using errcode = 'SB003', hint = format('subctl usage events %s', customer);
  end if;

  -- the limits, in the order in which they were decided
  select coalesce(jsonb_agg(subctl_internal.explain_limit(
             customer, used.plan_id, used.version,
             subctl_internal.limit_json(w.meter_id, w."window", w.scope, l.used, l.limit_value,
                                        to_timestamp(l.starts::float8), to_timestamp(l.ends::float8)),
             used.at, as_of, used.member_id, used.session_id, coalesce(c.amount, 0))
           || jsonb_build_object('late', j.reason is not null, 'alerts', t.thresholds) order by l.place), '[]')
    into limits
    from subctl_internal.event_limits(used.result) l
    join subctl.meter_windows w on w.id = l.window_id
    left join lateral (
      select x.amount
        from subctl_internal.metered_events(customer, w.meter_id, null, used.at, used.at + interval '1 microsecond') x
       where x.id = event) c on true
    left join lateral (
      select x.reason from subctl.usage_adjustments x
       where x.customer_id = customer and x.event_id = event and x.meter_id = w.meter_id and x."window" = w."window"
         and x.scope = w.scope
       limit 1) j on true
   cross join lateral (
     select coalesce(jsonb_agg(trim_scale(x.threshold)::text order by x.threshold), '[]') as thresholds
       from subctl.alerts x
      where x.customer_id = customer and x.event_id = event and x.meter_id = w.meter_id and x."window" = w."window"
        and x.scope = w.scope) t;

  return jsonb_build_object(
    'explains', 'event', 'customer', customer, 'event_id', event, 'at', subctl_internal.iso(used.at),
    'recorded_at', subctl_internal.iso(used.recorded_at), 'kind', used.kind,
    'quantity', trim_scale(used.quantity)::text,
    'provider', used.provider, 'model', used.model, 'tier', used.tier, 'member', used.member_id,
    'session', used.session_id, 'status', used.status,
    'failed', used.status is not null and subctl_internal.usage_failed(used.status),
    'already_spent', used.already_spent,
    'overage', coalesce(used.result[2] = 1, false), 'partial', used.result[3] is not null,
    'asked', trim_scale(used.result[3])::text, 'timezone', subctl_internal.zone_of(customer, used.at))
  || jsonb_build_object(
    'tokens', jsonb_build_object(
      'input', trim_scale(used.input_tokens)::text, 'output', trim_scale(used.output_tokens)::text,
      'cached', trim_scale(used.cached_tokens)::text, 'units', used.units, 'counted', trim_scale(used.tokens)::text,
      'estimated', used.estimated, 'rule', case
        when used.estimated then 'R18'
        when used.tokens <> coalesce(used.input_tokens, 0) + coalesce(used.output_tokens, 0) then 'R28' end),
    'standing', subctl_internal.explain_standing(customer, used.at)
      || jsonb_build_object('plan', used.plan_id, 'version', used.version),
    'limits', limits, 'cost', subctl_internal.explain_cost(customer, used.at, event),
    'credits', subctl_internal.explain_credits(customer, used.at, event),
    'rows', jsonb_build_array(format('usage_events %s %s %s', customer, subctl_internal.iso(used.at), event),
                              format('plan_versions %s %s', used.plan_id, used.version)))
  || jsonb_build_object(
    'reversed_by', (
      select e.id from subctl.usage_events e
       where e.customer_id = customer and e.at = used.at and e.reverses = event),
    'reverses', used.reverses,
    'key', (select k.key from subctl.usage_keys k where k.customer_id = customer and k.event_id = event limit 1),
    'reservation', (
      select r.id from subctl.reservations r where r.customer_id = customer and r.event_id = event limit 1));
end $$;
