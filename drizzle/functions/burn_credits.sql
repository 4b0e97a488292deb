-- Takes credits, whole or not at all, in the order of R21: priority, soonest expiry (never last), oldest, id. What may be taken for a use of
-- `used_at` is what burnable_grants says; what has expired unused is given back to its grant first. Returns the balance after it, or null when
-- there is not enough and nothing was taken. `kind` is 'use' or 'deduct'. The caller has locked the customer and posted what was due.
create or replace function subctl.burn_credits(
  customer text, amount numeric, as_of timestamptz, kind text, event_id uuid, reason text, change text, used_at timestamptz) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_live numeric;
  v_balance numeric;     -- with grants whose time is over for a caller whose now is behind: the ledger's running balance
  v_rows int;
  v_delta numeric;
begin
  if $8 < $3 and exists (select from subctl.missing_month($1, $8, $3))
     and (select sum(g.amount) from subctl.late_grants($1, $3, $8) g) >= $2 then
    perform subctl.post_missing_month($1, $8, $3, $7);
  end if;
  select coalesce(sum(g.remaining) filter (where g.expires_at is null or g.expires_at > $3), 0), coalesce(sum(g.remaining), 0) into v_live, v_balance
    from subctl.credit_grants g where g.customer_id = $1 and g.expired_at is null and g.remaining > 0;
  with live as materialized (
    select g.id, g.amount, g.over, sum(g.amount) over () as enough,
           sum(g.amount) over (order by g.priority, g.expires_at nulls last, g.granted_at, g.id) - g.amount as before
      from subctl.burnable_grants($1, $3, $8) g
  ), parts as materialized (
    select l.id, l.over, l.before, least(l.amount, $2 - l.before) as amount from live l where l.before < $2 and l.enough >= $2
  ), taken as (
    update subctl.credit_grants g set remaining = g.remaining - p.amount
      from parts p where g.customer_id = $1 and g.id = p.id and not p.over
  ), written as (
    insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, event_id, reason, change_id)
    select $1, coalesce((select max(l.id) from subctl.credit_entries l where l.customer_id = $1), 0) + row_number() over steps, p.id, $3, x.kind,
           x.amount, v_balance + sum(x.amount) over steps, x.event_id, x.reason, $7
      from parts p
     cross join lateral (values (0, 'reversal', p.amount, null, 'expired unused, used late'), (1, $4, -p.amount, $5, $6)) x(n, kind, amount, event_id, reason)
     where x.n = 1 or p.over
    window steps as (order by p.before, x.n rows unbounded preceding)
     order by p.before, x.n
    returning amount
  )
  select count(*), coalesce(sum(w.amount), 0) into v_rows, v_delta from written w;
  if v_rows = 0 and $2 > 0 then return null; end if;
  return v_live + v_delta;
end $$;
