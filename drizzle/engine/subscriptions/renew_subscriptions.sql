-- Ends pauses that are over, renews some customers' subscriptions by one period from the anchor, and marks those past
-- due whose invoice is unpaid: one step for each customer. Checks again what is due. Returns the number of written
-- rows, so a caller that repeats it until 0 has written every missed period (R36). `charge_missed` selects what is
-- invoiced: 'latest' only the current period at `as_of`, 'all' each one, 'none' nothing. With `most`, customers with
-- more than about that many rows of credits before a change are left for a later transaction. Refuses all of them when
-- one would be charged more than plausible (R37): the caller parks that one.
create or replace function subctl_internal.renew_subscriptions(
  p_as_of timestamptz, p_customers text[], p_change text, p_charge_missed text default 'latest', p_most int default
  null) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_renewed int;
  v_unpaid int;
  v_resumed text[];
  v_customers text[];
  v_done text[];
  v_rest text[];
  v_subscriptions uuid[];
  v_ends timestamptz[];
  v_reason text;
begin
  perform subctl_internal.check_write_time(p_as_of);
  perform subctl_internal.lock_subscriptions(p_customers);
  if p_most is not null then
    p_customers := array(select unnest(p_customers) except select
                         unnest(subctl_internal.post_credits_first('renew', p_as_of, p_customers, p_change, p_most)));
  end if;
  v_customers := p_customers;
  if exists (select from subctl.subscriptions s
              where s.customer_id = any (p_customers) and s.status in ('trialing', 'active', 'past_due', 'paused')
                and coalesce(s.pending_collection, s.collection) not in ('free', 'complimentary')) then
    select r.reason into v_reason from subctl_internal.excessive_charges(p_as_of, p_customers, p_charge_missed) r
      limit 1;
  end if;
  if v_reason is not null then
    raise exception '%', v_reason using errcode = 'SB004',
      hint = 'If it is right, charge less with --charge-missed latest or none, or raise the bound in '
             || 'subctl.settings: charges_per_run, charges_per_day, charge_months_ahead';
  end if;
  select array_agg(x.customer_id), array_agg(x.subscription_id), array_agg(x.due_at) into v_resumed, v_subscriptions,
         v_ends
    from subctl.due_resumptions x where x.customer_id = any (p_customers) and x.due_at <= p_as_of;
  if v_resumed is not null then
    perform subctl_internal.resume_subscriptions(v_resumed, v_subscriptions, v_ends, null, p_as_of, p_change);
    -- a change that is due after a pause is a separate step
    v_customers := array(select unnest(p_customers) except select unnest(v_resumed));
  end if;

  -- unwritten credits of the cycles before it is past due
  perform subctl_internal.post_due_credits(array_agg(d.customer_id), d.due_at - interval '1 microsecond', p_change)
     from subctl.newly_past_due d where d.customer_id = any (p_customers) and d.due_at <= p_as_of group by d.due_at;
  with overdue as (
    select d.customer_id, d.subscription_id as id, d.due_at, d.reason, s.status as was, s.plan_id, s.version, s.every,
           s.anchor, s.anchor_timezone, s.current_period_start,
           s.current_period_end, pv.grace_days, greatest(s.from_at, d.due_at) as since
      from subctl.newly_past_due d
      join subctl.subscriptions s on s.customer_id = d.customer_id and s.id = d.subscription_id
      join subctl.plan_versions pv on pv.plan_id = s.plan_id and pv.version = s.version
     where d.customer_id = any (v_customers) and d.due_at <= p_as_of
  ), marked as (
    update subctl.subscriptions s
       set status = 'past_due', past_due_since = o.since,
           grace_until = o.since + make_interval(hours => 24 * o.grace_days), from_at = o.since, change_id = p_change
      from overdue o where s.customer_id = o.customer_id and s.id = o.id and s.status = o.was
    returning o.*, s.from_at
  )
  insert into subctl.subscription_phases (customer_id, subscription_id, from_at, previous_status, status, plan_id,
                                            version, every, anchor, anchor_timezone,
    period_start, period_end, cause, reason, written_at, change_id)
  select m.customer_id, m.id, m.from_at, m.was, 'past_due', m.plan_id, m.version, m.every, m.anchor,
         m.anchor_timezone, m.current_period_start,
         m.current_period_end, 'past_due', m.reason, p_as_of, p_change
    from marked m
  on conflict (customer_id, subscription_id, from_at) do update
    set status = excluded.status, cause = excluded.cause, reason = excluded.reason, written_at = excluded.written_at,
        change_id = excluded.change_id;
  get diagnostics v_unpaid = row_count;

  v_done := subctl_internal.renew_same_terms(p_as_of, v_customers, p_change, p_charge_missed);
  v_renewed := cardinality(v_done);
  v_rest := array(select unnest(v_customers) except select unnest(v_done));
  if v_rest <> '{}' then
    v_renewed := v_renewed + subctl_internal.renew_new_terms(p_as_of, v_rest, p_change, p_charge_missed);
  end if;
  return v_renewed + v_unpaid + coalesce(cardinality(v_resumed), 0);
end $$;
