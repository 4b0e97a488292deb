-- Lists what check-expired will end. Ends are exclusive: an end at as_of has passed (R1). Returns about `batch` rows,
-- oldest first.
create or replace function subctl_internal.due_expiries(
  as_of timestamptz, one_customer text default null, batch int default null)
returns table (customer_id text, subject text, action text, reason text, due_at timestamptz)
language sql stable as $$
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.due_live_ends x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
  union all
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.due_paused_ends x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
  union all
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.due_past_due_ends x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
  union all
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.due_unpaid_ends x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
$$;
