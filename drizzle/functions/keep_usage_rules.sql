-- Keeps what a use came to as the customer's rules for its kind (keep_customer_rules), so that the next ones need not be
-- decided: where the subscription's row alone said where the customer stands, and nothing but counting in open windows
-- happened. The caller holds the customer's row and has written the state that the rules are made for.
create or replace function subctl.keep_usage_rules(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  tally subctl.usage_tally) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  made subctl.customer_rules;
  counted subctl.usage_count;
  totals numeric[];
  starts timestamptz[];
  ends timestamptz[];
  window_ids numeric[];
  window_starts numeric[];
  window_ends numeric[];
begin
  if not standing.is_simple or standing.has_overrides or standing.is_late or tally.has_holds is true
     or measure.is_estimated or request.already_spent or request.partial
     or not (rules.credit_cost is null or rules.credits_unlimited)
     or num_nonnulls(measure.provider, request.model, request.input_tokens, request.output_tokens,
                     request.cached_tokens, request.units, request.cost, request.member, request.session,
                     request.status, request.latency_ms, request.endpoint, request.metadata) > 0 then
    return;
  end if;
  made.only_one := false;
  foreach counted in array coalesce(tally.counts, '{}') loop
    if counted.slot is null then return; end if;
    made.slots := made.slots || counted.slot;
    made.counts := made.counts || (counted.field in ('quantity', 'count'))::int::numeric;
    made.limits := made.limits || counted.limit_value;
    made.only_one := made.only_one or counted.field = 'count';
    totals := totals || (counted.used + counted.asked);
    starts := starts || counted.starts;
    ends := ends || counted.ends;
    window_ids := window_ids || counted.window_id::numeric;
    window_starts := window_starts || extract(epoch from counted.starts);
    window_ends := window_ends || extract(epoch from counted.ends);
  end loop;
  made.customer_id := request.customer;
  made.kind := request.kind;
  made.provider := '';
  made.model := '';
  made.generation := tally.generation + tally.rules_over::int;
  made.catalog := standing.catalog;
  made.live_from := standing.at;
  made.live_until := standing.period_end;
  made.canonical := measure.kind;
  made.windows := window_ids || made.limits || window_starts || window_ends;
  made.subscription_id := standing.subscription_id;
  made.plan_id := standing.plan_id;
  made.version := standing.version;
  perform subctl.keep_customer_rules(made, totals, rules.thresholds, tally.uncounted_until, starts, ends);
end $$;
