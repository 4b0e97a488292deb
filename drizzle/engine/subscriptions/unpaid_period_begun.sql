-- Returns the current period of a past due subscription if that period began meanwhile, was written, and was not
-- invoiced.
create or replace function subctl_internal.unpaid_period_begun(customer text, subscription uuid)
returns table (period_start timestamptz, period_end timestamptz)
language sql stable as $$
  select r.period_start, r.period_end
    from subctl.subscriptions s
    join subctl.renewals r on r.customer_id = s.customer_id and r.subscription_id = s.id
                          and r.period_start = s.current_period_start and r.reason = 'past due, not charged'
   where s.customer_id = $1 and s.id = $2 and s.status = 'past_due' and r.period_start >= s.past_due_since
$$;
