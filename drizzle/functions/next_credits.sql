-- When the plan's next grant of credits comes after `as_of`, by the dates: the one answer of every page and refusal. Null where none is to come:
-- the plan gives none, the subscription ends and nothing follows, or nobody knows when it goes on. It goes from one boundary to the next (the
-- end of a period, of a cycle, of a term) and asks due_credits what comes until there.
create or replace function subctl.next_credits(customer text, as_of timestamptz) returns timestamptz
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_from timestamptz := $2;
  v_until timestamptz;
  v_next timestamptz;
  e record;
begin
  select min(g.granted_at) into v_next from subctl.credit_grants g where g.customer_id = $1 and g.source = 'plan' and g.granted_at > $2;
  if v_next is not null then return v_next; end if;
  for i in 1 .. 60 loop
    select x.*, coalesce(v.credits, 0) as credits, v.credits_every, s.resumes_at,
           s.pending_plan_id is not null or s.cancel_at_period_end or not s.auto_renew or s.ends_at is not null
             or s.status in ('past_due', 'paused') or x.status = 'past_due' as changes
      into e
      from subctl.effective_subscription($1, v_from) x
      left join subctl.plan_versions v on v.plan_id = x.plan_id and v.version = x.version
      left join subctl.subscriptions s on s.customer_id = $1 and s.id = x.subscription_id;
    -- no plan, none any more, no end of a pause, or a plan without credits that goes on
    exit when e.period_end is null or e.reason in ('no_subscription', 'disabled') or (e.status = 'paused' and e.resumes_at is null)
           or (e.credits = 0 and e.changes is not true);
    v_until := least(e.period_end, e.ends_at, case when e.credits_every is not null and e.access then
                 upper(subctl.cycle_at($1, e.basis, e.anchor, e.credits_every, v_from, e.anchor_timezone)) end);
    exit when v_until <= v_from or v_until = 'infinity';
    if e.status in ('active', 'trialing') and exists (
        select from subctl.invoices i where i.customer_id = $1 and i.subscription_id = e.subscription_id and i.status = 'open' and i.due_at > $2) then
      -- an invoice that is not due yet is taken as paid in time
      select case when p.at <= n.at then p.at else n.at end, case when p.at <= n.at then p.credits else e.credits end into v_next, e.credits
        from (select case when e.credits_every is null or e.status = 'trialing'
                            or subctl.next_anchor(e.anchor, e.every, e.every, false, e.period_end, e.anchor_timezone) <> e.anchor then e.period_end
                          else upper(subctl.cycle_at($1, e.basis, e.anchor, e.credits_every, v_from, e.anchor_timezone)) end as at) n
        left join (select greatest(s.current_period_end, s.pending_at) as at, coalesce(v.credits, 0) as credits
                     from subctl.subscriptions s
                     join subctl.plan_versions v on v.plan_id = s.pending_plan_id and v.version = s.pending_version
                    where s.customer_id = $1 and s.id = e.subscription_id) p on p.at > $2;
      exit when e.credits > 0 and v_next < coalesce(e.ends_at, 'infinity');
      v_next := null;
    end if;
    select min(d.at) into v_next from subctl.due_credits($1, v_until, true) d where d.kind = 'grant' and d.source = 'plan' and d.at > $2;
    exit when v_next is not null;
    v_from := v_until;
  end loop;
  return v_next;
end $$;
