-- The credits that a use of `used_at` may take at `as_of` (R13, R23): what is left of the grants that lived at both. The balance also holds
-- grants that were given after the use. As of an instant before the newest entries it is no more than was left at every instant since, so that
-- no balance of the ledger falls below zero.
create or replace function subctl.spendable_credits(customer text, as_of timestamptz, used_at timestamptz) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if exists (select from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return (select coalesce(sum(g.amount), 0) from subctl.burnable_grants($1, $2, $3) g);
  end if;
  return subctl.credit_balance($1, $2)
       - (select coalesce(sum(g.remaining), 0) from subctl.credit_grants g
           where g.customer_id = $1 and g.expired_at is null and g.granted_at > $3 and (g.expires_at is null or g.expires_at > $2))
       - case when $3 < $2 then (select coalesce(sum(d.amount), 0) from subctl.due_credits($1, $2) d
                                  where d.kind = 'grant' and d.at > $3 and d.dead_at is null) else 0 end;
end $$;
