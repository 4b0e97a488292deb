-- Returns the refusal of a use for insufficient credits: the needed and the available amount, and when a future grant
-- covers it (credits_available_at); for a part of it where a part may be taken.
create or replace function subctl_internal.refuse_credits(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  verdict subctl.usage_verdict) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  needed numeric := verdict.credits;
  held numeric := verdict.held_credits;
  spendable numeric := subctl_internal.spendable_credits(request.customer, standing.now,
                                                         least(standing.at, standing.now));
  covered_at timestamptz := subctl_internal.credits_available_at(request.customer, standing.now,
    case when verdict.fits is not null then least(needed, rules.credit_cost) else needed end, spendable);
begin
  return subctl_internal.refuse_usage(request.customer, measure.kind, standing.at, 'no_credits',
      format('%s needs %s credits and %s has %s on plan %s%s%s%s', measure.kind, trim_scale(needed), request.customer,
        trim_scale(spendable), standing.plan_id,
        case when held > 0 then format(', %s of them held', trim_scale(held)) end,
        case when standing.at < standing.now and spendable < subctl_internal.credit_balance(request.customer,
                                                                                            standing.now) then
          format(' for a use of %s', subctl_internal.iso(standing.at)) end,
        case when covered_at is null then ': no future grant covers it' end))
    || jsonb_build_object(
      'cost', trim_scale(measure.cost)::text,
      'credits', jsonb_build_object('needed', trim_scale(needed)::text, 'balance', trim_scale(spendable)::text,
                                    'resets_at', subctl_internal.iso(covered_at))
        || case when held > 0 then jsonb_build_object('held', trim_scale(held)::text) else '{}' end);
end $$;
