-- The seats that a customer has paid for at an instant, where the plan is sold by the seat; null where it is not. Fewer seats hold from the next
-- period on (R38), whether or not anybody has renewed it yet.
create or replace function subctl.seats_at(customer text, at timestamptz) returns int
language sql stable as $$
  select case when $2 >= s.current_period_end then coalesce(s.pending_quantity, s.quantity) else s.quantity end
    from subctl.effective_subscription($1, $2) e
    join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version and v.per_seat
    join subctl.subscriptions s on s.customer_id = $1 and s.id = e.subscription_id
$$;
