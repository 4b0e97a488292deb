-- Deducts from the new plan's grant what was used of plan credits since the period began, after a change of plan that
-- does not reset usage. Upgrades and downgrades in turn therefore create no credits (R32). The caller has locked the
-- customer and posted due credits.
create or replace function subctl_internal.carry_over_credits(customer text, at timestamptz, change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_since timestamptz;
  v_used numeric;
  v_grant uuid;
  v_left numeric;
begin
  select greatest(e.usage_from, e.period_start,
                  lower(subctl_internal.cycle_at($1, e.basis, e.anchor, coalesce(v.credits_every, e.every), $2,
                                                 e.anchor_timezone))) into v_since
    from subctl_internal.effective_subscription($1, $2) e
    join subctl.plan_versions v on v.plan_id = e.plan_id and v.version = e.version;
  select -coalesce(sum(l.amount), 0) into v_used
    from subctl.credit_entries l
    join subctl.credit_grants g on g.customer_id = l.customer_id and g.id = l.grant_id
   where l.customer_id = $1 and l.at >= v_since and l.kind in ('use', 'deduct', 'reversal')
     and g.source in ('plan', 'reset') and l.reason is distinct from 'used before the change of plan';
  select g.id, g.remaining into v_grant, v_left
    from subctl.credit_grants g
   where g.customer_id = $1 and g.source = 'plan' and g.granted_at = $2 and g.expired_at is null and g.remaining > 0
     and (g.expires_at is null or g.expires_at > $2)
   order by g.id desc limit 1;
  v_used := least(v_used, coalesce(v_left, 0));     -- the new plan may give none
  if v_used > 0 then
    update subctl.credit_grants g set remaining = g.remaining - v_used where g.customer_id = $1 and g.id = v_grant;
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, reason, change_id)
    select $1, l.id + 1, v_grant, $2, 'deduct', -v_used, l.balance_after - v_used, 'used before the change of plan', $3
      from subctl.credit_entries l where l.customer_id = $1 order by l.id desc limit 1;
  end if;
end $$;
