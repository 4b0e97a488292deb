-- Writes the event of a decided use: the request, its measures, the customer's standing and the outcome of each limit.
-- `result` and `held` rebuild the answer when the key is repeated (usage_answer, event_limits): balance, overage and
-- the requested quantity, then for each limit the total, the window, the limit and the bounds. The caller holds the
-- customer's row.
create or replace function subctl_internal.write_usage_event(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, tally subctl.usage_tally,
  verdict subctl.usage_verdict) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  counted subctl.usage_count;
  totals numeric[];
  windows numeric[];
  limit_values numeric[];
  starts numeric[];
  ends numeric[];
  held numeric[];
begin
  foreach counted in array coalesce(tally.counts, '{}') loop
    totals := totals || (counted.used + counted.asked);
    windows := windows || counted.window_id::numeric;
    limit_values := limit_values || counted.limit_value;
    starts := starts || extract(epoch from counted.starts);
    ends := ends || extract(epoch from counted.ends);
    if tally.has_holds then held := held || counted.held; end if;
  end loop;
  insert into subctl.usage_events (
    customer_id, at, id, recorded_at, kind, quantity, provider, model, tier, input_tokens, output_tokens, cached_tokens,
    tokens, units, estimated, cost, unpriced, price_from, price_provider, credits, member_id, session_id, status,
    latency_ms, endpoint, already_spent, subscription_id, plan_id, version, metadata, result, held)
  values (
    request.customer, standing.at, standing.event_id, standing.now, measure.kind, measure.quantity, measure.provider,
    request.model, measure.tier, request.input_tokens, request.output_tokens, request.cached_tokens, measure.tokens,
    request.units, measure.is_estimated, measure.cost, measure.is_unpriced, measure.price_from, measure.price_provider,
    verdict.credits, request.member, request.session, request.status, request.latency_ms, request.endpoint,
    request.already_spent, standing.subscription_id, standing.plan_id, standing.version, request.metadata,
    array[verdict.balance, case
        when verdict.is_overage or verdict.alerts is not null or measure.is_estimated or verdict.asked is not null
          then verdict.is_overage::int end, verdict.asked]
      || totals || windows || limit_values || starts || ends,
    case when tally.has_holds then array[verdict.held_credits] || held end);
  return true;
end $$;
