-- Makes a live subscription past due from p_since because a payment is missing. Access continues for the plan's grace
-- days (R35). A subscription that is already past due keeps its first day. Returns whether it changed. The caller has
-- locked the customer.
create or replace function subctl_internal.mark_past_due(
  p_customer text, p_subscription uuid, p_since timestamptz, p_reason text, p_as_of timestamptz, p_change text)
returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_was text;
begin
  select s.status into v_was from subctl.subscriptions s
   where s.customer_id = p_customer and s.id = p_subscription and s.status in ('trialing', 'active');
  if not found then return false; end if;
  update subctl.subscriptions s
     set status = 'past_due', past_due_since = greatest(s.from_at, p_since), from_at = greatest(s.from_at, p_since),
         change_id = p_change, grace_until = greatest(s.from_at, p_since)
           + (select make_interval(hours => 24 * pv.grace_days) from subctl.plan_versions pv
               where pv.plan_id = s.plan_id and pv.version = s.version)
   where s.customer_id = p_customer and s.id = p_subscription;
  insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                            version, every, anchor, anchor_timezone, period_start, period_end, cause,
                                            reason, written_at, change_id)
  select s.customer_id, s.id, s.from_at, v_was, s.status, s.plan_id, s.version, s.every, s.anchor, s.anchor_timezone,
         s.current_period_start, s.current_period_end, 'past_due', p_reason, p_as_of, p_change
    from subctl.subscriptions s where s.customer_id = p_customer and s.id = p_subscription
  on conflict (customer_id, subscription_id, from_at) do update
    set status = excluded.status, cause = excluded.cause, reason = excluded.reason, written_at = excluded.written_at,
        change_id = excluded.change_id;
  return true;
end $$;
