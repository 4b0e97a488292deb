-- Reads a subscription's dates at an instant, whether or not a task has written them. `status`, `from_at` and
-- `renews_at` are those after a pause that is over by its date. `last_at` is when it ends even if paid: the end of its
-- term, or of its period where it does not renew; for Stripe's subscriptions Stripe decides. `ended_at` is an end
-- during a pause. `switches_at` is when the pending plan starts (R31), and `is_taken` whether it has. `unpaid_since`
-- is the first due unpaid invoice, `overdue_since` the same, or the change to a plan that is invoiced (R35).
-- `next_anchor` is the anchor of the periods that are not written yet.
create or replace function subctl_internal.read_subscription_dates(head subctl.subscriptions, as_of timestamptz)
returns subctl.subscription_dates
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  dates subctl.subscription_dates;
  first_due timestamptz;
begin
  dates.status := head.status;
  dates.from_at := head.from_at;
  dates.renews_at := head.current_period_end;
  dates.period_end := head.current_period_end;
  dates.grace_until := head.grace_until;
  dates.collection := head.collection;
  dates.last_at := case
    when head.collection = 'stripe' then null
    when head.cancel_at_period_end or not head.auto_renew then head.current_period_end
    else head.ends_at end;
  if head.status = 'paused' and as_of >= head.from_at then
    dates := subctl_internal.resume_by_dates(head, dates, as_of);
  end if;

  -- nothing is overdue that was never invoiced (R35)
  if head.collection = 'invoice' and dates.status in ('active', 'trialing') then
    dates.unpaid_since := subctl_internal.first_unpaid_at(head.customer_id, head.id, as_of);
  end if;
  -- the pending plan starts with its own collection; an earlier overdue amount still ends with its grace
  if head.pending_plan_id is not null then
    dates.switches_at := greatest(dates.renews_at, head.pending_at);
    if dates.status <> 'past_due' and dates.unpaid_since <= dates.switches_at then
      select greatest(dates.from_at, dates.unpaid_since) + make_interval(hours => 24 * v.grace_days)
        into dates.grace_until
        from subctl.plan_versions v where v.plan_id = head.plan_id and v.version = head.version;
    end if;
  end if;
  dates.is_taken := dates.status in ('active', 'trialing', 'past_due') and as_of >= dates.switches_at
    and (dates.last_at is null or dates.last_at > dates.switches_at)
    and (dates.grace_until is null or dates.grace_until > dates.switches_at);
  if dates.is_taken then dates.collection := coalesce(head.pending_collection, head.collection); end if;
  if dates.collection = 'invoice' and head.collection <> 'invoice' then
    -- an amount due before a complimentary plan is due again from the change on
    first_due := subctl_internal.first_unpaid_at(head.customer_id, head.id, as_of);
    if first_due is not null then dates.overdue_since := greatest(first_due, dates.switches_at); end if;
  elsif dates.collection = 'invoice' or dates.unpaid_since <= dates.switches_at then
    dates.overdue_since := dates.unpaid_since;
  end if;

  if as_of >= dates.renews_at and dates.last_at is distinct from dates.renews_at
     and dates.status in ('trialing', 'active', 'past_due') then
    dates.next_anchor := subctl_internal.next_anchor(
      head.anchor, head.every, head.every, dates.status = 'trialing', dates.renews_at, head.anchor_timezone);
    if dates.is_taken then
      dates.next_anchor := subctl_internal.next_anchor(
        dates.next_anchor, head.every, coalesce(head.pending_every, head.every), false, dates.switches_at,
        head.anchor_timezone);
    end if;
  end if;
  return dates;
end $$;
