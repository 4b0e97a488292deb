-- Takes credits, whole or not at all, in the order of R21: priority, soonest expiry (never last), oldest, id. Only grants that live at `as_of` and
-- that lived at `used_at`, when what they are taken for happened, are burned (R13, R23). Returns the balance after it, or null when there is not
-- enough and nothing was taken. `kind` is 'use' or 'deduct'. The caller has locked the customer and posted what was due.
create or replace function subctl.burn_credits(
  customer text, amount numeric, as_of timestamptz, kind text, event_id uuid, reason text, change text, used_at timestamptz) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_live numeric;
  v_balance numeric;     -- with grants whose time is over for a caller whose now is behind: the ledger's running balance
begin
  select coalesce(sum(g.remaining) filter (where g.expires_at is null or g.expires_at > $3), 0), coalesce(sum(g.remaining), 0) into v_live, v_balance
    from subctl.credit_grants g where g.customer_id = $1 and g.expired_at is null and g.remaining > 0;
  with live as materialized (
    select g.id, g.amount as remaining, sum(g.amount) over (order by g.priority, g.expires_at nulls last, g.granted_at, g.id) - g.amount as before,
           sum(g.amount) over () as enough
      from subctl.burnable_grants($1, $3, $8) g
  ), taken as (
    update subctl.credit_grants g set remaining = g.remaining - least(live.remaining, $2 - live.before)
      from live
     where g.customer_id = $1 and g.id = live.id and live.before < $2 and live.enough >= $2
    returning g.id, live.before, least(live.remaining, $2 - live.before) as amount
  )
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, event_id, reason, change_id)
  select $1, coalesce((select max(l.id) from subctl.credit_entries l where l.customer_id = $1), 0) + row_number() over (order by taken.before), taken.id, $3, $4, -taken.amount, v_balance - taken.before - taken.amount, $5, $6, $7
    from taken order by taken.before;
  if not found and $2 > 0 then return null; end if;
  return v_live - $2;
end $$;
