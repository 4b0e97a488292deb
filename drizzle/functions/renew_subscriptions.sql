-- Ends pauses that are over, renews some customers' subscriptions by one period, from the anchor, and marks those past due whose invoice
-- was not paid. Asks again what is due; returns the number of rows it did, so that a caller who repeats it until 0 has written every missed period (R36).
-- `charge_missed` says what is invoiced: 'latest' only the period that runs at `as_of`, 'all' each one, 'none' nothing.
create or replace function subctl.renew_subscriptions(as_of timestamptz, customers text[], change text, charge_missed text default 'latest') returns int
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_renewed int;
  v_unpaid int;
  v_resumed int;
  v_customers text[]; v_subscriptions uuid[]; v_invoices uuid[]; v_starts timestamptz[]; v_ends timestamptz[];
begin
  perform subctl.lock_customers($2);
  select subctl.resume_subscriptions(array_agg(x.customer_id), array_agg(x.subscription_id), array_agg(x.due_at), null, $1, $3) into v_resumed
    from subctl.resuming x where x.customer_id = any ($2) and x.due_at <= $1
  having count(*) > 0;

  with overdue as (
    select d.customer_id, d.subscription_id as id, d.due_at, d.reason, s.status as was, s.plan_id, s.version, s.every, s.anchor, s.anchor_timezone, s.current_period_start,
           s.current_period_end, pv.grace_days, greatest(s.from_at, d.due_at) as since
      from subctl.overdue d
      join subctl.subscriptions s on s.customer_id = d.customer_id and s.id = d.subscription_id
      join subctl.plan_versions pv on pv.plan_id = s.plan_id and pv.version = s.version
     where d.customer_id = any ($2) and d.due_at <= $1
  ), marked as (
    update subctl.subscriptions s
       set status = 'past_due', past_due_since = o.since, grace_until = o.since + make_interval(hours => 24 * o.grace_days), from_at = o.since, change_id = $3
      from overdue o where s.customer_id = any ($2) and s.customer_id = o.customer_id and s.id = o.id and s.status = o.was
    returning o.*, s.from_at
  )
  insert into subctl.subscription_segments (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor, anchor_timezone,
    period_start, period_end, cause, reason, written_at, change_id)
  select m.customer_id, m.id, m.from_at, m.was, 'past_due', m.plan_id, m.version, m.every, m.anchor, m.anchor_timezone, m.current_period_start,
         m.current_period_end, 'past_due', m.reason, $1, $3
    from marked m
  on conflict (customer_id, subscription_id, from_at) do update
    set status = excluded.status, cause = excluded.cause, reason = excluded.reason, written_at = excluded.written_at, change_id = excluded.change_id;
  get diagnostics v_unpaid = row_count;

  -- the credits of the old plan's periods before it changes, where nobody has written them
  perform subctl.post_due_credits(array[x.customer_id], x.due_at - interval '1 microsecond', $3)
     from subctl.renewing x
     join subctl.credit_grants g on g.customer_id = x.customer_id and g.expired_at is null and g.expires_at < x.due_at
     join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
    where x.customer_id = any ($2) and x.due_at <= $1
      and (x.action <> 'renew' or lower(subctl.period_at(s.anchor, s.every, x.due_at, s.anchor_timezone)) <> x.due_at);

  with due as (
    -- the anchor moves after a trial, with another plan, and where the period was extended or paused
    select s.customer_id, s.id, s.status as was, s.current_period_end as starts, s.pending_plan_id is not null as changes, n.moves, s.collection, s.currency, s.quantity,
           coalesce(s.pending_plan_id, s.plan_id) as plan_id, coalesce(s.pending_version, s.version) as version, coalesce(s.pending_every, s.every) as every,
           coalesce(s.pending_price, s.price) as price, n.anchor, s.anchor_timezone, n.ends, case when s.collection = 'invoice' then subctl.uuid7(s.current_period_end) end as invoice_id,
           s.complimentary_periods > 0 as given,
           s.complimentary_periods = 0 and s.collection = 'invoice' and coalesce(s.pending_price, s.price) > 0 and ($4 = 'all' or ($4 = 'latest' and n.ends > $1)) as billed
      from subctl.renewing x
      join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
     cross join lateral subctl.period_at(s.anchor, s.every, s.current_period_end, s.anchor_timezone) p
     cross join lateral (select s.status = 'trialing' or s.pending_plan_id is not null or lower(p) <> s.current_period_end as moves) a
     cross join lateral (
       select a.moves, case when a.moves then s.current_period_end else s.anchor end as anchor,
              case when a.moves then upper(subctl.period_at(s.current_period_end, coalesce(s.pending_every, s.every), s.current_period_end, s.anchor_timezone))
                   else upper(p) end as ends) n
     where x.customer_id = any ($2) and x.due_at <= $1
  ), renewed as (
    update subctl.subscriptions s
       set status = 'active', plan_id = d.plan_id, version = d.version, every = d.every, price = d.price, anchor = d.anchor, current_period_start = d.starts,
           current_period_end = d.ends, usage_reset_at = d.starts, epoch = s.epoch + 1,
           from_at = case when d.moves then d.starts else s.from_at end, complimentary_periods = greatest(s.complimentary_periods - 1, 0),
           pending_plan_id = null, pending_version = null, pending_every = null, pending_price = null, change_id = $3
      from due d
     where s.customer_id = any ($2) and s.customer_id = d.customer_id and s.id = d.id and s.status = d.was and s.current_period_end = d.starts and s.auto_renew and not s.cancel_at_period_end
    returning d.*   -- joining it to the row's source again would be a nested loop: both are estimated as one row
  ), segments as (
    insert into subctl.subscription_segments (customer_id, subscription_id, from_at, previous_status, status, plan_id, version, every, anchor, anchor_timezone,
      period_start, period_end, cause, reason, written_at, change_id)
    select d.customer_id, d.id, d.starts, d.was, 'active', d.plan_id, d.version, d.every, d.anchor, d.anchor_timezone, d.starts, d.ends,
           case when d.changes then 'downgrade' when d.was = 'trialing' then 'trial_end' else 'renewal' end, null, $1, $3
      from renewed d
     where d.moves
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, plan_id = excluded.plan_id, version = excluded.version, every = excluded.every,
          anchor = excluded.anchor, period_start = excluded.period_start, period_end = excluded.period_end, cause = excluded.cause, written_at = excluded.written_at, change_id = excluded.change_id
    returning customer_id
  ), written as (
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, reason, collection, amount, currency, invoice_id, change_id)
    select d.customer_id, d.id, d.starts, 1, d.ends, $1, case when d.billed then 'invoiced' else 'renewed' end,
           case when d.given then 'complimentary period' when not d.billed and d.collection = 'invoice' and d.price > 0 then 'missed period, not charged' end, d.collection,
           case when d.billed then d.price * d.quantity end, d.currency, case when d.billed then d.invoice_id end, $3
      from renewed d
    on conflict do nothing
    returning customer_id, subscription_id, invoice_id, period_start, period_end
  )
  select count(*), array_agg(w.customer_id) filter (where w.invoice_id is not null), array_agg(w.subscription_id) filter (where w.invoice_id is not null),
         array_agg(w.invoice_id) filter (where w.invoice_id is not null), array_agg(w.period_start) filter (where w.invoice_id is not null),
         array_agg(w.period_end) filter (where w.invoice_id is not null)
    into v_renewed, v_customers, v_subscriptions, v_invoices, v_starts, v_ends
    from written w;
  if v_customers is not null then
    perform subctl.issue_invoices(v_customers, v_subscriptions, v_invoices, v_starts, v_ends, $1, $3);
  end if;
  return v_renewed + v_unpaid + coalesce(v_resumed, 0);
end $$;
