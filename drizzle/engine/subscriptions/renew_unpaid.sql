-- Writes the periods of a customer's past due subscription that have begun at `until`, and a plan pending for one of
-- them: they continue by the dates, but are not invoiced while an amount is due (R16, R31, R35, R36). Changing or
-- ending such a subscription builds on that; recover_subscription invoices the current period. The caller has locked
-- the customer. Returns the number of periods.
create or replace function subctl_internal.renew_unpaid(
  p_customer text, p_until timestamptz, p_as_of timestamptz, p_change text)
returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_head subctl.subscriptions%rowtype;
  v_next record;
  v_rows int := 0;
begin
  loop
    select * into v_head from subctl.subscriptions x
     where x.customer_id = p_customer and x.status = 'past_due' and x.current_period_end <= p_until
       and x.current_period_end < x.grace_until and x.auto_renew and not x.cancel_at_period_end
       and x.current_period_end is distinct from x.ends_at and x.collection <> 'stripe';
    exit when not found;
    select c.*, a.anchor, subctl_internal.period_at(a.anchor, c.every, v_head.current_period_end,
                                                    v_head.anchor_timezone) as period,
           case when not c.changes then v_head.pending_at end as cut,
           c.changes or a.anchor <> v_head.anchor as changes_terms into v_next
      from (select w.changes, case when w.changes then coalesce(v_head.pending_every, v_head.every)
                              else v_head.every end as every
              from (select v_head.pending_plan_id is not null
                             and (v_head.pending_at is null or v_head.pending_at <= v_head.current_period_end) as
                               changes) w) c
     cross join lateral (
       select subctl_internal.next_anchor(v_head.anchor, v_head.every, c.every, false, v_head.current_period_end,
                                          v_head.anchor_timezone) as anchor) a;
    if v_next.changes_terms or v_head.pending_quantity is not null then
      perform subctl_internal.post_due_credits(array[p_customer], v_head.current_period_end - interval '1 microsecond',
                                               p_change);
    end if;
    if v_next.changes then
      update subctl.subscriptions x
         set plan_id = v_head.pending_plan_id, version = v_head.pending_version,
             price = coalesce(v_head.pending_price, v_head.price),
             collection = coalesce(v_head.pending_collection, v_head.collection),
             currency = coalesce(v_head.pending_currency, v_head.currency), pending_plan_id = null,
             pending_version = null,
             pending_every = null, pending_price = null, pending_collection = null, pending_currency = null,
             pending_at = null
       where x.customer_id = p_customer and x.id = v_head.id;
      update subctl.credit_grants g set expires_at = v_head.current_period_end
       where g.customer_id = p_customer and g.source in ('plan', 'rollover', 'reset') and g.expired_at is null
         and g.granted_at < v_head.current_period_end and g.expires_at > v_head.current_period_end;
    end if;
    update subctl.subscriptions x
       set every = v_next.every, anchor = v_next.anchor, current_period_start = v_head.current_period_end,
           current_period_end = least(upper(v_next.period), v_head.ends_at, v_next.cut),
           cut_from = case when v_next.cut < upper(v_next.period) then upper(v_next.period) end,
           usage_reset_at = v_head.current_period_end, epoch = v_head.epoch + 1,
           from_at = case when v_next.changes_terms then v_head.current_period_end else v_head.from_at end,
           complimentary_periods = greatest(v_head.complimentary_periods - 1, 0),
           quantity = case when v_next.changes
                      or v_head.pending_plan_id is null then coalesce(v_head.pending_quantity, v_head.quantity)
                           else v_head.quantity end,
           pending_quantity = case when not v_next.changes
                              and v_head.pending_plan_id is not null then v_head.pending_quantity end,
           change_id = p_change
     where x.customer_id = p_customer and x.id = v_head.id;
    if v_next.changes_terms then
      insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
        version, every, anchor, anchor_timezone, period_start, period_end, cause, written_at, change_id)
      select p_customer, x.id, x.from_at, 'past_due', 'past_due', x.plan_id, x.version, x.every, x.anchor,
             x.anchor_timezone,
             x.current_period_start, x.current_period_end, case when v_next.changes then 'downgrade' else 'renewal' end,
             p_as_of, p_change
        from subctl.subscriptions x where x.customer_id = p_customer and x.id = v_head.id
      on conflict (customer_id, subscription_id, from_at) do update
        set plan_id = excluded.plan_id, version = excluded.version, every = excluded.every, anchor = excluded.anchor,
            period_start = excluded.period_start, period_end = excluded.period_end, cause = excluded.cause,
            written_at = excluded.written_at, change_id = excluded.change_id;
    end if;
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, reason,
      collection, currency, change_id)
    select p_customer, x.id, x.current_period_start, 1, x.current_period_end, p_as_of, 'renewed',
           case when v_head.complimentary_periods > 0 then 'complimentary period' else 'past due, not charged' end,
           x.collection, x.currency, p_change
      from subctl.subscriptions x where x.customer_id = p_customer and x.id = v_head.id
    on conflict do nothing;
    v_rows := v_rows + 1;
  end loop;
  return v_rows;
end $$;
