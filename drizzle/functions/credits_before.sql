-- What was used of a plan's credits in the cycle in which it begins again (R32), before that: since the cycle began, or
-- since credits were reset. Nothing where a change within one subscription begins it: carry_credits takes that off.
create or replace function subctl.credits_before(
  customer text, plan text, since timestamptz, cycle timestamptz) returns numeric
language sql stable as $$
  select case when $3 > $4 and not exists (
    select from subctl.subscription_segments g
     where g.customer_id = $1 and g.from_at = $3 and g.cause in ('upgrade', 'downgrade', 'migrate')) then (
      select greatest(-coalesce(sum(l.amount), 0), 0)
        from subctl.credit_grants g
        join subctl.credit_entries l
          on l.customer_id = g.customer_id and l.grant_id = g.id and l.kind in ('use', 'deduct', 'reversal')
       where g.customer_id = $1 and g.granted_at < $3
         and (g.source = 'plan' and starts_with(g.source_key, 'plan:' || $2 || ':') or g.source = 'reset')
         and g.granted_at >= greatest($4, (select max(x.granted_at) from subctl.credit_grants x
                                            where x.customer_id = $1 and x.source = 'reset' and x.granted_at < $3)))
    else 0 end
$$;
