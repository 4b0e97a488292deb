-- Returns when the plan's next grant of credits comes after `as_of`, by the dates; every page and refusal uses it.
-- Null where there is none: the plan gives none, the subscription ends and nothing follows, or it is unknown when it
-- continues. Steps from one boundary to the next (the end of a period, a cycle, a term) and reads due_credits up to
-- it.
create or replace function subctl_internal.next_credits(p_customer text, p_as_of timestamptz) returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_from timestamptz := p_as_of;
  v_until timestamptz;
  v_next timestamptz;
  v_standing record;
begin
  select min(g.granted_at) into v_next from subctl.credit_grants g
    where g.customer_id = p_customer and g.source = 'plan' and g.granted_at > p_as_of;
  if v_next is not null then return v_next; end if;
  for i in 1 .. 60 loop
    select x.*, coalesce(v.credits, 0) as credits, v.credits_every, s.resumes_at,
           s.pending_plan_id is not null or s.cancel_at_period_end or not s.auto_renew or s.ends_at is not null
             or s.status in ('past_due', 'paused') or x.status = 'past_due' as changes
      into v_standing
      from subctl_internal.effective_subscription(p_customer, v_from) x
      left join subctl.plan_versions v on v.plan_id = x.plan_id and v.version = x.version
      left join subctl.subscriptions s on s.customer_id = p_customer and s.id = x.subscription_id;
    -- no plan, a plan that has ended, a pause without an end, or a renewing plan without credits
    exit when v_standing.period_end is null or v_standing.reason in ('no_subscription', 'disabled')
      or (v_standing.status = 'paused' and v_standing.resumes_at is null)
           or (v_standing.credits = 0 and v_standing.changes is not true);
    v_until := least(v_standing.period_end, v_standing.ends_at,
                     case when v_standing.credits_every is not null and v_standing.access then
                 upper(subctl_internal.cycle_at(p_customer, v_standing.basis, v_standing.anchor,
                                                v_standing.credits_every, v_from, v_standing.anchor_timezone)) end);
    exit when v_until <= v_from or v_until = 'infinity';
    if v_standing.status in ('active', 'trialing') and exists (
        select from subctl.invoices i where i.customer_id = p_customer
          and i.subscription_id = v_standing.subscription_id
          and i.status = 'open' and i.due_at > p_as_of) then
      -- an invoice that is not yet due is assumed to be paid in time
      select case when p.at <= n.at then p.at else n.at end,
             case when p.at <= n.at then p.credits else v_standing.credits end into v_next, v_standing.credits
        from (select case when v_standing.credits_every is null or v_standing.status = 'trialing'
                            or subctl_internal.next_anchor(v_standing.anchor, v_standing.every, v_standing.every, false,
                                                           v_standing.period_end,
                                                           v_standing.anchor_timezone) <> v_standing.anchor
                                                             then v_standing.period_end
                          else upper(subctl_internal.cycle_at(p_customer, v_standing.basis, v_standing.anchor,
                                                              v_standing.credits_every, v_from,
                                                              v_standing.anchor_timezone)) end as at) n
        left join (select greatest(s.current_period_end, s.pending_at) as at, coalesce(v.credits, 0) as credits
                     from subctl.subscriptions s
                     join subctl.plan_versions v on v.plan_id = s.pending_plan_id and v.version = s.pending_version
                    where s.customer_id = p_customer and s.id = v_standing.subscription_id) p on p.at > p_as_of;
      exit when v_standing.credits > 0 and v_next < coalesce(v_standing.ends_at, 'infinity');
      v_next := null;
    end if;
    select min(d.at) into v_next from subctl_internal.due_credits(p_customer, v_until, true) d
      where d.kind = 'grant' and d.source = 'plan' and d.at > p_as_of;
    exit when v_next is not null;
    v_from := v_until;
  end loop;
  return v_next;
end $$;
