-- Returns the credits that a customer may spend at an instant: what is left of valid grants, including due grants and
-- expiries that are not written yet (R16). An instant before the newest ledger entry is answered from the ledger. The
-- function is stable, so all its queries use one snapshot and a concurrent write cannot count twice.
create or replace function subctl_internal.credit_balance(customer text, as_of timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if exists (select 1 from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return coalesce((select sum(e.amount) from subctl.credit_entries e where e.customer_id = $1 and e.at <= $2), 0);
  end if;
  return coalesce((select sum(g.remaining) from subctl.credit_grants g
                    where g.customer_id = $1 and g.expired_at is null), 0)
       + coalesce((select sum(case d.kind when 'grant' then d.amount else -d.amount end)
                     from subctl_internal.due_credits($1, $2, true) d), 0);
end $$;
