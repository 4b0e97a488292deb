-- Returns until when a customer's credits do not change by their dates: the next expiry or the start of the plan's
-- next grant, or infinity. A plan grant that has ended by its dates counts as ended, whether or not that is written.
create or replace function subctl_internal.credit_due_after(customer text, as_of timestamptz) returns timestamptz
language sql stable as $$
  select least(
    coalesce((select min(g.expires_at) from subctl.credit_grants g
               where g.customer_id = $1 and g.expired_at is null and g.expires_at > $2
                 and not coalesce(g.granted_at < e.cut and g.source in ('plan', 'rollover', 'reset'), false)),
      'infinity'),
    coalesce((select case when pv.credits_every is null then e.period_end
                          else least(e.period_end,
                                     upper(subctl_internal.cycle_at($1, e.basis, e.anchor, pv.credits_every, $2,
                                                                    e.anchor_timezone))) end
                from subctl.plan_versions pv where pv.plan_id = e.plan_id and pv.version = e.version), 'infinity'))
    from (values (1)) one
    left join lateral (
      select x.*, case when x.basis = 'fallback' or x.reason = 'no_subscription' then x.since
                       when x.basis = 'subscription' then x.anchor end as cut
        from subctl_internal.effective_subscription($1, $2) x) e on true
$$;
