-- Lists what handle-renewals will do: the next period of each subscription that renews, pauses that are over, and
-- subscriptions with an overdue invoice. Several missed periods follow one another (R36). Returns about `batch` rows,
-- oldest first.
create or replace function subctl_internal.due_renewals(
  as_of timestamptz, one_customer text default null, batch int default null)
returns table (customer_id text, subject text, action text, reason text, due_at timestamptz)
language sql stable as $$
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.due_period_renewals x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
  union all
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.due_resumptions x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
  union all
  (select x.customer_id, x.subscription_id::text, x.action, x.reason, x.due_at
     from subctl.newly_past_due x where x.due_at <= $1 and ($2 is null or x.customer_id = $2)
    order by x.due_at limit $3)
$$;
