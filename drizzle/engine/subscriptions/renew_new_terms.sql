-- Renews the subscriptions of some customers with changed terms, each by one period: after a trial, with another plan
-- (the rest of a period that it shortens is credited, R30), and where the period was extended or paused. next_anchor
-- gives the anchor of the coming periods. The credits of the old plan's periods are written before, and end with it.
-- The caller has locked the customers. Returns the number renewed.
create or replace function subctl_internal.renew_new_terms(
  p_as_of timestamptz, p_customers text[], p_change text, p_charge_missed text) returns int
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_renewed int;
  v_customers text[]; v_subscriptions uuid[]; v_invoices uuid[]; v_starts timestamptz[]; v_ends timestamptz[];
    v_unused jsonb;
begin
  perform subctl_internal.post_due_credits(array[x.customer_id], x.due_at - interval '1 microsecond', p_change)
     from subctl.due_period_renewals x
     join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
    where x.customer_id = any (p_customers) and x.due_at <= p_as_of
      and (x.action <> 'renew' or lower(subctl_internal.period_at(s.anchor, s.every, x.due_at, s.anchor_timezone))
           <> x.due_at)
      and exists (select from subctl.credit_grants g
                  where g.customer_id = x.customer_id and g.expired_at is null and g.expires_at < x.due_at);

  with due as materialized (
    select s.customer_id, s.id, s.status as was, s.from_at as since, s.current_period_end as starts, a.anchor, c.*,
           c.changes and s.cut_from is not null as early,
           s.anchor_timezone, least(n.period_end, s.ends_at, n.cut) as ends,
           case when n.cut < n.period_end then n.period_end end as cut_from, s.complimentary_periods > 0 as given,
           s.complimentary_periods = 0 and c.collection in ('invoice', 'charge') and c.price > 0
             and (p_charge_missed = 'all' or (p_charge_missed = 'latest'
                                              and least(n.period_end, s.ends_at, n.cut) > p_as_of)) as billed,
           u.value as unused, u.words, u.ends as unused_ends, u.credits
      from subctl.due_period_renewals x
      join subctl.subscriptions s on s.customer_id = x.customer_id and s.id = x.subscription_id
     cross join lateral (
       select s.pending_plan_id is not null
         and (s.pending_at is null or s.pending_at <= s.current_period_end) as changes) w
     cross join lateral (
       select w.changes, case when w.changes then s.pending_plan_id else s.plan_id end as plan_id,
              case when w.changes then s.pending_version else s.version end as version,
              case when w.changes then coalesce(s.pending_every, s.every) else s.every end as every,
              case when w.changes then coalesce(s.pending_price, s.price) else s.price end as price,
              case when w.changes then coalesce(s.pending_collection, s.collection) else s.collection end as collection,
              case when w.changes then coalesce(s.pending_currency, s.currency) else s.currency end as currency,
              case when w.changes or s.pending_plan_id is null then coalesce(s.pending_quantity, s.quantity)
              else s.quantity end as quantity) c
     cross join lateral (
       select subctl_internal.next_anchor(s.anchor, s.every, c.every, s.status = 'trialing', s.current_period_end,
                                          s.anchor_timezone) as anchor) a
     cross join lateral (
       select upper(subctl_internal.period_at(a.anchor, c.every, s.current_period_end, s.anchor_timezone))
         as period_end,
              case when not w.changes then s.pending_at end as cut) n
      left join lateral subctl_internal.unused_value(s, s.current_period_end, 'days') u on w.changes
        and s.cut_from is not null
        and s.currency is not distinct from c.currency
     where x.customer_id = any (p_customers) and x.due_at <= p_as_of
       and (x.action <> 'renew' or lower(subctl_internal.period_at(s.anchor, s.every, x.due_at, s.anchor_timezone))
            <> x.due_at)
  ), renewed as (
    update subctl.subscriptions s
       set status = 'active', plan_id = d.plan_id, version = d.version, every = d.every, price = d.price,
           collection = d.collection, currency = d.currency, anchor = d.anchor, current_period_start = d.starts,
           current_period_end = d.ends, usage_reset_at = d.starts, epoch = s.epoch + 1,
           from_at = greatest(d.since, d.starts),
           complimentary_periods = greatest(s.complimentary_periods - 1, 0),
           pending_plan_id = case when not d.changes then s.pending_plan_id end,
           pending_version = case when not d.changes then s.pending_version end,
           pending_every = case when not d.changes then s.pending_every end,
           pending_price = case when not d.changes then s.pending_price end,
           pending_collection = case when not d.changes then s.pending_collection end,
           pending_currency = case when not d.changes then s.pending_currency end,
           pending_at = case when not d.changes then s.pending_at end, cut_from = d.cut_from,
           quantity = d.quantity, pending_quantity
             = case when not d.changes and s.pending_plan_id is not null then s.pending_quantity end,
             change_id = p_change
      from due d
     where s.customer_id = d.customer_id and s.id = d.id and s.status = d.was and s.current_period_end = d.starts
       and s.auto_renew and not s.cancel_at_period_end
    returning d.*   -- joining it to the row's source again would be a nested loop: both are estimated as one row
  ), segments as (
    insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                              version, every, anchor, anchor_timezone,
      period_start, period_end, cause, reason, written_at, change_id)
    select d.customer_id, d.id, d.starts, case when d.since > d.starts then 'past_due' else d.was end,
           case when d.since > d.starts then 'past_due' else 'active' end, d.plan_id, d.version, d.every, d.anchor,
           d.anchor_timezone, d.starts, d.ends,
           case when d.changes then 'downgrade' when d.was = 'trialing' then 'trial_end' else 'renewal' end, null,
           p_as_of, p_change
      from renewed d
    on conflict (customer_id, subscription_id, from_at) do update
      set status = excluded.status, plan_id = excluded.plan_id, version = excluded.version, every = excluded.every,
          anchor = excluded.anchor, period_start = excluded.period_start, period_end = excluded.period_end,
          cause = excluded.cause, written_at = excluded.written_at, change_id = excluded.change_id
    returning customer_id
  ), moved as (
    -- it was past due when the period ended and was paid later: its rows written since then count from
    -- here, too
    update subctl.subscription_phases g set plan_id = d.plan_id, version = d.version, every = d.every,
      anchor = d.anchor
      from renewed d where d.since > d.starts and g.customer_id = d.customer_id and g.subscription_id = d.id
        and g.from_at > d.starts
  ), credits as (
    update subctl.credit_grants g set expires_at = d.starts
      from renewed d
     where d.changes and g.customer_id = d.customer_id and g.source in ('plan', 'rollover', 'reset')
       and g.expired_at is null
       and g.granted_at < d.starts and g.expires_at > d.starts
  ), written as (
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, reason,
                                 collection, amount, currency, invoice_id, change_id)
    select d.customer_id, d.id, d.starts, 1, d.ends, p_as_of, case when d.billed then 'invoiced' else 'renewed' end,
           case when d.given then 'complimentary period' when not d.billed and d.collection in ('invoice', 'charge')
           and d.price > 0 then 'missed period, not charged' end, d.collection,
           case when d.billed then round(d.price * d.quantity,
                                         subctl_internal.invoice_scale(d.currency, d.collection = 'charge')) end,
                                         d.currency,
                                         case when d.billed then subctl_internal.uuid7(d.starts) end, p_change
      from renewed d
    on conflict do nothing
    returning customer_id, subscription_id, invoice_id, period_start, period_end
  )
  select count(*), array_agg(w.customer_id) filter (where w.invoice_id is not null),
         array_agg(w.subscription_id) filter (where w.invoice_id is not null),
         array_agg(w.invoice_id) filter (where w.invoice_id is not null),
         array_agg(w.period_start) filter (where w.invoice_id is not null),
         array_agg(w.period_end) filter (where w.invoice_id is not null),
         (select jsonb_object_agg(r.customer_id,
                                  jsonb_build_object('value', r.unused, 'words', r.words, 'ends', r.unused_ends,
                                                     'credits', r.credits)) from renewed r where r.unused > 0)
    into v_renewed, v_customers, v_subscriptions, v_invoices, v_starts, v_ends, v_unused
    from written w;
  if v_customers is not null then
    perform subctl_internal.issue_invoices(v_customers, v_subscriptions, v_invoices, v_starts, v_ends, p_as_of,
                                           p_change, v_unused);
  end if;
  return v_renewed;
end $$;
