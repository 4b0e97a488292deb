-- Returns what was used of a plan's credits earlier in the cycle in which the plan begins again (R32): since the cycle
-- began or since the last credit reset. Returns 0 if a change within one subscription begins the plan;
-- carry_over_credits deducts that.
create or replace function subctl_internal.credits_before(
  p_customer text, p_plan text, p_since timestamptz, p_cycle timestamptz)
returns numeric
language sql stable as $$
  select case when p_since > p_cycle and not exists (
    select 1 from subctl.subscription_phases g
     where g.customer_id = p_customer and g.from_at = p_since and g.cause in ('upgrade', 'downgrade', 'migrate')) then (
      select greatest(-coalesce(sum(l.amount), 0), 0)
        from subctl.credit_grants g
        join subctl.credit_entries l
          on l.customer_id = g.customer_id and l.grant_id = g.id and l.kind in ('use', 'deduct', 'reversal')
       where g.customer_id = p_customer and g.granted_at < p_since
         and (g.source = 'plan' and starts_with(g.source_key, 'plan:' || p_plan || ':') or g.source = 'reset')
         and g.granted_at >= greatest(p_cycle, (select max(x.granted_at) from subctl.credit_grants x
                                            where x.customer_id = p_customer and x.source = 'reset'
                                              and x.granted_at < p_since)))
    else 0 end
$$;
