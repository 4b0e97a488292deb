-- Spends the credits of a use that the limits allow: both must allow it, and credits never extend a limit. A check and
-- a reservation only test whether they suffice. Credits that others reserve cannot be spent. A use that has already
-- happened spends what there is and goes beyond (R12). The verdict has the spent credits, the balance afterwards and
-- the reserved credits, or it is the refusal. The caller holds the customer's row; due grants have been posted.
create or replace function subctl_internal.take_credits(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  tally subctl.usage_tally, verdict subctl.usage_verdict) returns subctl.usage_verdict
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  spends boolean := request.mode in ('record', 'record_locked');
  as_of timestamptz := least(standing.at, standing.now);
  spendable numeric;
begin
  verdict.credits := rules.credit_cost * measure.quantity;
  if tally.has_holds then verdict.held_credits := subctl_internal.reserved_credits(request.customer, standing.now);
  end if;
  if verdict.held_credits > 0 and spends
     and subctl_internal.spendable_credits(request.customer, standing.now, as_of)
       - verdict.held_credits < verdict.credits then
    verdict.balance := null;
  elsif spends and verdict.credits > 0 then
    verdict.balance := subctl_internal.burn_credits(
      request.customer, verdict.credits, standing.now, 'use', standing.event_id, null, null, as_of);
    if verdict.balance is null then
      -- due credits may have changed without an update of this row: check again before refusing
      perform subctl_internal.post_due_credits(array[request.customer], standing.now, null);
      if request.already_spent then
        spendable := subctl_internal.spendable_credits(request.customer, standing.now, as_of);
        if spendable < verdict.credits then
          verdict.credits := spendable;
          verdict.is_overage := true;
        end if;
      end if;
      verdict.balance := subctl_internal.burn_credits(
        request.customer, verdict.credits, standing.now, 'use', standing.event_id, null, null, as_of);
    end if;
  else
    verdict := subctl_internal.check_credits(request, standing, verdict);
  end if;
  if verdict.balance is null then
    verdict.refusal := subctl_internal.refuse_credits(request, standing, measure, rules, verdict);
  end if;
  return verdict;
end $$;
