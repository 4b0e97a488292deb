-- Renews the subscriptions of some customers with unchanged terms, each by one period: the plan stays, and the next
-- period begins where the anchor says. This is the common case; it writes only the subscription, the history, and an
-- invoice where one is due. Renewals that reset counts (after a trial, with another plan, after an extension) are left
-- alone. A term, and a plan pending for an instant, shorten the last period. The caller has locked the customers.
-- Returns the renewed customers.
create or replace function subctl_internal.renew_same_terms(
  p_as_of timestamptz, p_customers text[], p_change text, p_charge_missed text) returns text[]
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_done text[];
  v_billed text[]; v_subscriptions uuid[]; v_invoices uuid[]; v_starts timestamptz[]; v_ends timestamptz[];
begin
  -- unwritten credits of the periods before fewer seats begin (R38)
  perform subctl_internal.post_due_credits(array[x.customer_id], x.due_at - interval '1 microsecond', p_change)
     from subctl.due_period_renewals x
     join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
       and s.pending_quantity is not null and s.pending_plan_id is null
    where x.customer_id = any (p_customers) and x.due_at <= p_as_of and x.action = 'renew';
  with due as materialized (
    select s.customer_id, s.id, s.every, s.collection, s.currency,
           case when s.pending_plan_id is null then coalesce(s.pending_quantity, s.quantity)
           else s.quantity end as quantity, s.price, s.anchor, s.anchor_timezone, s.current_period_end as starts,
           s.complimentary_periods as given, n.period * tstzrange(null, least(s.ends_at, s.pending_at)) as period,
           case when s.pending_at < upper(n.period) then upper(n.period) end as cut_from
      from subctl.due_period_renewals x
      join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
     cross join lateral (select subctl_internal.period_at(s.anchor, s.every, s.current_period_end,
                                                          s.anchor_timezone) as period offset 0) n
     where x.customer_id = any (p_customers) and x.due_at <= p_as_of and x.action = 'renew'
  ), billing as materialized (
    select d.*, upper(d.period) as ends,
           d.given = 0 and d.collection in ('invoice', 'charge') and d.price > 0
             and (p_charge_missed = 'all' or (p_charge_missed = 'latest' and upper(d.period) > p_as_of)) as billed
      from due d
     where lower(d.period) = d.starts
  ), renewed as (
    update subctl.subscriptions s
       set current_period_start = d.starts, current_period_end = d.ends, usage_reset_at = d.starts, epoch = s.epoch + 1,
           complimentary_periods = greatest(s.complimentary_periods - 1, 0), quantity = d.quantity,
           pending_quantity = case when s.pending_plan_id is not null then s.pending_quantity end,
           cut_from = d.cut_from, change_id = p_change
      from billing d
     where s.customer_id = d.customer_id and s.id = d.id and s.status = 'active' and s.current_period_end = d.starts
       and s.anchor = d.anchor and s.every = d.every
       and s.auto_renew and not s.cancel_at_period_end and (s.pending_plan_id is null or s.pending_at > d.starts)
    returning d.*   -- joining it to the row's source again would be a nested loop: both are estimated as one row
  ), written as (
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, reason,
                                 collection, amount, currency, invoice_id, change_id)
    select d.customer_id, d.id, d.starts, 1, d.ends, p_as_of, case when d.billed then 'invoiced' else 'renewed' end,
           case when d.given > 0 then 'complimentary period' when not d.billed
           and d.collection in ('invoice', 'charge') and d.price > 0 then 'missed period, not charged' end,
               d.collection,
           case when d.billed then round(d.price * d.quantity,
                                         subctl_internal.invoice_scale(d.currency, d.collection = 'charge')) end,
                                         d.currency,
                                         case when d.billed then subctl_internal.uuid7(d.starts) end, p_change
      from renewed d
    on conflict do nothing
    returning customer_id, subscription_id, invoice_id, period_start, period_end
  )
  select (select array_agg(r.customer_id) from renewed r),
         array_agg(w.customer_id) filter (where w.invoice_id is not null),
         array_agg(w.subscription_id) filter (where w.invoice_id is not null),
         array_agg(w.invoice_id) filter (where w.invoice_id is not null),
         array_agg(w.period_start) filter (where w.invoice_id is not null),
         array_agg(w.period_end) filter (where w.invoice_id is not null)
    into v_done, v_billed, v_subscriptions, v_invoices, v_starts, v_ends
    from written w;
  if v_billed is not null then
    perform subctl_internal.issue_invoices(v_billed, v_subscriptions, v_invoices, v_starts, v_ends, p_as_of, p_change);
  end if;
  return coalesce(v_done, '{}');
end $$;
