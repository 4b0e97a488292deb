-- Ends the past due status of a customer's subscription when all its due invoices are paid (R35). It is active from
-- `as_of` on, its periods are those of its anchor, and the next renewal writes the missed ones. One whose grace is
-- over is left to end. The current period is invoiced where it began meanwhile and was written (renew_unpaid). The
-- caller has locked the customer. Returns whether it recovered.
create or replace function subctl_internal.recover_subscription(
  p_customer text, p_subscription uuid, p_as_of timestamptz, p_reason text, p_change text) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_missed record;

begin
  select * into v_missed from subctl_internal.unpaid_period_begun(p_customer, p_subscription);
  update subctl.subscriptions s
     set status = case when s.trial_end > p_as_of then 'trialing' else 'active' end,
         from_at = greatest(s.from_at, p_as_of), past_due_since = null, grace_until = null,
         epoch = s.epoch + 1, change_id = p_change
   where s.customer_id = p_customer and s.id = p_subscription and s.status = 'past_due' and s.grace_until > p_as_of
     and not exists (select from subctl.invoices i
                      where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open'
                        and i.due_at <= p_as_of);
  if not found then return false; end if;
  insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                            version, every, anchor, anchor_timezone,
    period_start, period_end, cause, reason, written_at, change_id)
  select s.customer_id, s.id, s.from_at, 'past_due', s.status, s.plan_id, s.version, s.every, s.anchor,
         s.anchor_timezone, s.current_period_start,
         s.current_period_end, 'recovery', p_reason, p_as_of, p_change
    from subctl.subscriptions s where s.customer_id = p_customer and s.id = p_subscription
  on conflict (customer_id, subscription_id, from_at) do update
    set status = excluded.status, cause = excluded.cause, reason = excluded.reason, written_at = excluded.written_at,
        change_id = excluded.change_id;
  if v_missed.period_start is not null then
    update subctl.renewals r set (reason, outcome, amount, invoice_id) =
      (select case when not b.billed then 'missed period, not charged' end,
       case when b.billed then 'invoiced' else r.outcome end,
              case when b.billed then round(s.price * s.quantity,
                                            subctl_internal.invoice_scale(s.currency, s.collection = 'charge')) end,
              case when b.billed then subctl_internal.uuid7(v_missed.period_start) end
         from subctl.subscriptions s
        cross join lateral (
          select s.collection in ('invoice', 'charge') and s.price > 0 and v_missed.period_end > p_as_of as billed) b
        where s.customer_id = p_customer and s.id = p_subscription)
     where r.customer_id = p_customer and r.subscription_id = p_subscription and r.period_start = v_missed.period_start
       and r.attempt = 1;
    perform subctl_internal.issue_invoices(array[p_customer], array[p_subscription], array[r.invoice_id],
                                           array[r.period_start], array[r.period_end], p_as_of, p_change)
       from subctl.renewals r
      where r.customer_id = p_customer and r.subscription_id = p_subscription and r.period_start = v_missed.period_start
        and r.invoice_id is not null;
  end if;
  return true;
end $$;
