-- Caches the outcome of a use as the customer's rules, so that the next ones need not be decided. Only where the
-- subscription's row alone gave the standing, and the use did nothing but count in open windows, a price by the token
-- and credits from one grant. Rolling windows are counted beside the open ones (rolling_rules), except for
-- reservations. The caller holds the customer's row and has written the state that the rules are made for.
create or replace function subctl_internal.keep_usage_rules(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  tally subctl.usage_tally) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  made subctl.customer_priced_rules;
  own subctl.customer_priced_rules;
  counted subctl.usage_count;
  is_plain boolean := num_nonnulls(measure.provider, request.model, request.input_tokens, request.output_tokens,
                                   request.cached_tokens, request.session, request.latency_ms) = 0
                      and request.mode <> 'reserve' and not request.already_spent;
  has_rolling boolean := false;
  totals numeric[];
  limit_values numeric[];
  starts timestamptz[];
  ends timestamptz[];
  window_ids numeric[];
  window_starts numeric[];
  window_ends numeric[];
begin
  if not standing.is_simple or standing.has_overrides or standing.is_late
     or measure.is_estimated or request.partial
     or num_nonnulls(request.units, request.cost, request.member, request.status, request.endpoint,
                     request.metadata) > 0
     or not is_plain and 'session' = any (rules.win_kinds) then
    return false;
  end if;
  foreach counted in array coalesce(tally.counts, '{}') loop
    if counted.slot is not null then
      made.slots := made.slots || counted.slot;
      made.spans := made.spans || null::int;
      starts := starts || counted.starts;
      ends := ends || counted.ends;
      window_starts := window_starts || extract(epoch from counted.starts);
      window_ends := window_ends || extract(epoch from counted.ends);
    elsif counted.kept = 'rolling' and request.mode <> 'reserve' then
      has_rolling := true;
      made.slots := made.slots || -counted.window_id;
      made.spans := made.spans || counted.hours;
      starts := starts || null::timestamptz;
      ends := ends || null::timestamptz;
      window_starts := window_starts || null::numeric;
      window_ends := window_ends || null::numeric;
    else
      return false;
    end if;
    made.meters := made.meters || counted.meter;
    made.fields := made.fields
      || coalesce(array_position('{quantity,count,tokens,cost,input,output}', counted.field), 0);
    limit_values := limit_values || counted.limit_value;
    totals := totals || (counted.used + case when request.mode = 'reserve' then 0 else counted.asked end);
    window_ids := window_ids || counted.window_id::numeric;
  end loop;
  made.customer_id := request.customer;
  made.kind := request.kind;
  made.provider := coalesce(request.provider, '');
  made.model := coalesce(request.model, '');
  made.generation := tally.generation + tally.rules_over::int;
  made.catalog := standing.catalog;
  made.live_until := standing.period_end;
  made.canonical := measure.kind;
  made.windows := window_ids || limit_values || window_starts || window_ends;
  made.subscription_id := standing.subscription_id;
  made.plan_id := standing.plan_id;
  made.version := standing.version;
  if rules.credit_cost is not null and not rules.credits_unlimited then
    if request.at is not null then return false; end if;
    made := subctl_internal.credit_rules(made, standing, rules.credit_cost, tally.credits_due_at);
  end if;
  if not is_plain then
    made := subctl_internal.priced_rules(made, request, standing, measure, rules);
    if made.tier is null then return false; end if;
  end if;
  if has_rolling then made := subctl_internal.rolling_rules(made, standing.usage_from); else made.spans := null; end if;
  own := made;
  if standing.subscription_id is null then own.live_from := greatest(made.live_from, standing.at); end if;
  perform subctl_internal.keep_customer_rules(own, totals, rules.thresholds, tally.uncounted_until, starts, ends);
  perform subctl_internal.keep_rule_template(made, request, standing, measure, rules);
  if tally.generation = 0 and not tally.has_history and standing.subscription_id is null and request.mode <> 'reserve'
     and made.credit_cost is null and made.live_until > standing.at then
    perform subctl_internal.keep_first_use_rules(made, standing, tally, rules.thresholds);
  end if;
  return true;
end $$;
