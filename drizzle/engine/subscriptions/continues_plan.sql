-- Returns whether a subscription continues at an instant with the same plan. True if only its period starts there, or
-- if it became past due, recovered or was extended then. A period start counts with or without a written renewal.
-- False for a change of plan or a trial that another event of the same instant replaced.
create or replace function subctl_internal.continues_plan(
  customer text, subscription uuid, at timestamptz) returns boolean
language sql stable as $$
  select exists (select 1 from subctl.subscription_phases g
                  where g.customer_id = $1 and g.subscription_id = $2 and g.from_at = $3
                    and g.cause in ('renewal', 'past_due', 'recovery', 'extend')
                     and g.previous_status in ('active', 'past_due') and g.snapshot is null)
      or exists (select 1 from subctl.subscriptions s
                  where s.customer_id = $1 and s.id = $2 and s.current_period_end = $3
                    and (s.pending_plan_id is null or s.pending_at > $3)
                    and (s.status in ('active', 'past_due')
                         or s.status = 'paused' and (s.trial_end > s.paused_at) is not true))
$$;
