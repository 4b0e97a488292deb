-- Returns what decides the plan credits of a customer at an instant: the plan's credits and their cycle, the seats
-- that multiply them, and the start of the next cycle whose grant is due (infinity if none). `own` is true if credits
-- come with the billing period instead of a cycle of their own. `since` is when the plan began to apply, `change` the
-- same for a change that is not written yet. `cut` is where earlier plan grants end: an end that is not written, or
-- where cycles count again. Until `turn`, cycles count from the anchor `before` (cycle_around). No row: no standing.
create or replace function subctl_internal.credit_run(
  p_customer text, p_as_of timestamptz, out credits numeric, out cycle text, out rollover numeric, out own boolean,
  out seats int, out seats_next int, out seats_from timestamptz, out prefix text, out since timestamptz,
  out change timestamptz, out before timestamptz, out turn timestamptz, out cut timestamptz, out next_at timestamptz,
  out basis text, out status text, out access boolean, out plan_id text, out subscription_id uuid, out every text,
  out anchor timestamptz, out anchor_timezone text, out period_start timestamptz, out period_end timestamptz)
returns setof record
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_standing record;
  v_last timestamptz;    -- start of the newest grant of this run of the plan
  v_lasts timestamptz;   -- its end, which may have moved with the period's
begin
  next_at := 'infinity';
  select * into v_standing from subctl_internal.effective_subscription(p_customer, p_as_of);
  if not found then return; end if;
  basis := v_standing.basis; status := v_standing.status; access := v_standing.access;
  plan_id := v_standing.plan_id; subscription_id := v_standing.subscription_id; every := v_standing.every;
  anchor := v_standing.anchor; anchor_timezone := v_standing.anchor_timezone;
  period_start := v_standing.period_start; period_end := v_standing.period_end;
  if v_standing.plan_id is not null then
    select pv.credits, coalesce(pv.credits_every, v_standing.every), coalesce(pv.rollover_max, 0),
           pv.credits_every is null
      into credits, cycle, rollover, own
      from subctl.plan_versions pv where pv.plan_id = v_standing.plan_id and pv.version = v_standing.version;
  end if;
  if credits > 0 and v_standing.basis = 'subscription' then
    select s.quantity, coalesce(s.pending_quantity, s.quantity), s.current_period_end into seats, seats_next, seats_from
      from subctl.subscriptions s
      join subctl.plan_versions pv on pv.plan_id = v_standing.plan_id and pv.version = v_standing.version
       and pv.per_seat
     where s.customer_id = p_customer and s.id = v_standing.subscription_id;
  end if;
  prefix := 'plan:' || v_standing.plan_id || ':';
  since := v_standing.since;
  if v_standing.basis = 'subscription' then
    -- not written yet: another plan, an anchor that moved with the end of a period, or that it is past due
    select t.change, case when t.turns then s.anchor end, case when t.turns then x.ends end,
           case when t.change is not null then t.change
                when t.turns then x.since
                when v_standing.status = 'past_due' and s.status <> 'past_due'
                  then case when s.anchor = v_standing.anchor then x.since else v_standing.anchor end
                else v_standing.since end
      into change, before, turn, since
      from subctl.subscriptions s
     cross join lateral (
       select case when s.status = 'paused' then s.resumes_at else s.from_at end as since,
              case when s.status = 'paused' and s.pause_clock = 'runs'
                   then greatest(s.current_period_end, s.resumes_at) else s.current_period_end end as ends) x
     cross join lateral (
       select not own and x.ends = v_standing.anchor and s.anchor <> v_standing.anchor
          and (s.pending_plan_id is null or s.pending_at > p_as_of)
          and (s.status in ('active', 'past_due')
               or s.status = 'paused' and (s.trial_end > s.paused_at) is not true) as turns,
              case when s.pending_plan_id is not null and p_as_of >= greatest(x.ends, s.pending_at)
                    and (v_standing.plan_id, v_standing.version, v_standing.every) <> (s.plan_id, s.version, s.every)
                   then greatest(x.ends, s.pending_at) end as change) t
     where s.customer_id = p_customer and s.id = v_standing.subscription_id;
  end if;
  cut := case when v_standing.basis = 'fallback' or v_standing.reason = 'no_subscription' then v_standing.since
              when v_standing.basis = 'subscription' then greatest(v_standing.anchor, change) end;
  if credits > 0 and v_standing.access then
    -- the newest grant of this plan that is of its present run: begun since then, or valid when it began (a change of
    -- status only)
    select c.granted_at, case when c.granted_at < cut then least(c.expires_at, cut) else c.expires_at end
      into v_last, v_lasts
      from subctl.credit_grants c
     where c.customer_id = p_customer
       and (c.source = 'plan' and starts_with(c.source_key, prefix) or c.source = 'reset')
       and (since is null or c.granted_at >= since or c.expires_at > since and change is null)
     order by c.granted_at desc limit 1;
    if v_last is not null then
      next_at := case when own and v_last >= v_standing.period_start then v_standing.period_end
                      else greatest(upper(subctl_internal.cycle_around(p_customer, v_standing.basis, v_standing.anchor,
                                                                       cycle,
                                                                       v_last, v_standing.anchor_timezone, before,
                                                                       turn)),
                                     v_lasts) end;
    else
      next_at := lower(subctl_internal.cycle_around(p_customer, v_standing.basis, v_standing.anchor, cycle,
                                                    coalesce(since, p_as_of), v_standing.anchor_timezone, before,
                                                    turn));
      if next_at < since then next_at := since; end if;
    end if;
  end if;
  return next;
end $$;
