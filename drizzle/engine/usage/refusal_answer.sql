-- Returns the answer of a use that was refused after its limits were counted: the refusal with all limits. `check_all`
-- includes insufficient credits beside exceeded limits (R8).
create or replace function subctl_internal.refusal_answer(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  tally subctl.usage_tally, verdict subctl.usage_verdict) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  answer jsonb := verdict.refusal || jsonb_build_object('limits', subctl_internal.limits_before_use(tally.counts));
  balance numeric;
  needed numeric;
begin
  if measure.is_estimated then answer := answer || '{"estimated": true}'; end if;
  if request.mode = 'check_all' and verdict.credits is null and rules.credit_cost is not null
     and not rules.credits_unlimited then
    balance := subctl_internal.spendable_credits(request.customer, standing.now, least(standing.at, standing.now));
    needed := rules.credit_cost * measure.quantity;
    answer := answer || jsonb_build_object('credits', jsonb_build_object(
      'needed', trim_scale(needed)::text, 'balance', trim_scale(balance)::text,
      'exceeded', needed > balance - subctl_internal.reserved_credits(request.customer, standing.now)));
  end if;
  return answer;
end $$;
