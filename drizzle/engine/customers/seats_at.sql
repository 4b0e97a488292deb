-- Returns the seats that a customer has paid for at an instant if the plan is sold per seat, else null. A lower number
-- applies from the next period on (R38), whether or not its renewal is written.
create or replace function subctl_internal.seats_at(customer text, at timestamptz) returns int
language sql stable as $$
  select case when $2 >= s.current_period_end then coalesce(s.pending_quantity, s.quantity) else s.quantity end
    from subctl_internal.effective_subscription($1, $2) e
    join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version and v.per_seat
    join subctl.subscriptions s on s.customer_id = $1 and s.id = e.subscription_id
$$;
