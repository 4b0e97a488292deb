-- Lists when the subscriptions of some customers end, become past due or change. Credits of earlier cycles are written
-- first. `kind` selects the task: end (check-expired) or renew (handle-renewals).
create or replace function subctl_internal.due_transitions(kind text, as_of timestamptz, customers text[])
returns table (customer_id text, due_at timestamptz)
language sql stable as $$
  select x.customer_id, x.due_at from subctl.due_ends x where $1 = 'end' and x.customer_id = any ($3) and x.due_at <= $2
  union all
  select x.customer_id, x.due_at from subctl.newly_past_due x
   where $1 = 'renew' and x.customer_id = any ($3) and x.due_at <= $2
  union all
  select x.customer_id, x.due_at
    from subctl.due_period_renewals x
    join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
   where $1 = 'renew' and x.customer_id = any ($3) and x.due_at <= $2
     and (x.action <> 'renew' or s.pending_quantity is not null
       or lower(subctl_internal.period_at(s.anchor, s.every, x.due_at, s.anchor_timezone)) <> x.due_at)
$$;
