-- The credits that a customer may spend at an instant: what is left of the grants that live then, with the grants and expiries that
-- are due and that nobody has written yet (R16). An instant before the newest entry is answered from the ledger.
-- Stable, so that all of it is one snapshot: between two, another could write what is due and it would count twice.
create or replace function subctl.credit_balance(customer text, as_of timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if exists (select 1 from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return coalesce((select sum(e.amount) from subctl.credit_entries e where e.customer_id = $1 and e.at <= $2), 0);
  end if;
  return coalesce((select sum(g.remaining) from subctl.credit_grants g where g.customer_id = $1 and g.expired_at is null), 0)
       + coalesce((select sum(case d.kind when 'grant' then d.amount else -d.amount end) from subctl.due_credits($1, $2, true) d), 0);
end $$;
