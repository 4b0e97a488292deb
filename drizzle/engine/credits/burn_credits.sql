-- Spends credits, the whole amount or nothing, in the order of R21: priority, soonest expiry (never last), oldest, id.
-- burnable_grants returns what a use of `used_at` may spend; credits that expired unused are first returned to their
-- grant. Returns the balance afterwards, or null when there is not enough and nothing was spent. `kind` is 'use' or
-- 'deduct'. The caller has locked the customer and posted due credits.
create or replace function subctl_internal.burn_credits(
  p_customer text, p_amount numeric, p_as_of timestamptz, p_kind text, p_event_id uuid, p_reason text, p_change text,
  p_used_at timestamptz) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_live numeric;
  -- includes expired grants where the caller's clock is behind: the ledger's running balance
  v_balance numeric;
  v_rows int;
  v_delta numeric;
begin
  if p_used_at < p_as_of and exists (select from subctl_internal.missing_month(p_customer, p_used_at, p_as_of))
     and (select sum(g.amount) from subctl_internal.projected_grants(p_customer, p_as_of, p_used_at) g) >= p_amount then
    perform subctl_internal.post_missing_month(p_customer, p_used_at, p_as_of, p_change);
  end if;
  select coalesce(sum(g.remaining) filter (where g.expires_at is null or g.expires_at > p_as_of), 0),
         coalesce(sum(g.remaining), 0) into v_live, v_balance
    from subctl.credit_grants g where g.customer_id = p_customer and g.expired_at is null and g.remaining > 0;
  with live as materialized (
    select g.id, g.amount, g.over, sum(g.amount) over () as enough,
           sum(g.amount) over (order by g.priority, g.expires_at nulls last, g.granted_at, g.id) - g.amount as before
      from subctl_internal.burnable_grants(p_customer, p_as_of, p_used_at) g
  ), parts as materialized (
    select l.id, l.over, l.before, least(l.amount, p_amount - l.before) as amount from live l
      where l.before < p_amount and l.enough >= p_amount
  ), taken as (
    update subctl.credit_grants g set remaining = g.remaining - p.amount
      from parts p where g.customer_id = p_customer and g.id = p.id and not p.over
  ), written as (
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, event_id, reason,
                                       change_id)
    select p_customer, coalesce((select max(l.id) from subctl.credit_entries l where l.customer_id = p_customer),
                                0) + row_number() over steps, p.id, p_as_of, x.kind,
           x.amount, v_balance + sum(x.amount) over steps, x.event_id, x.reason, p_change
      from parts p
     cross join lateral (values (0, 'reversal', p.amount, null, 'expired unused, used late'),
                         (1, p_kind, -p.amount, p_event_id, p_reason)) x(n, kind, amount, event_id, reason)
     where x.n = 1 or p.over
    window steps as (order by p.before, x.n rows unbounded preceding)
     order by p.before, x.n
    returning amount
  )
  select count(*), coalesce(sum(w.amount), 0) into v_rows, v_delta from written w;
  if v_rows = 0 and p_amount > 0 then return null; end if;
  return v_live + v_delta;
end $$;
