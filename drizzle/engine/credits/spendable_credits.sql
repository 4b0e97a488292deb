-- Returns the credits that a use of used_at may spend at as_of, including due credits that are not written: the sum of
-- projected_grants. The balance also contains credits granted after the use, and not those that expired since.
create or replace function subctl_internal.spendable_credits(customer text, as_of timestamptz, used_at timestamptz)
returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if $3 >= $2 and not exists (select 1 from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return subctl_internal.credit_balance($1, $2);
  end if;
  return (select coalesce(sum(g.amount), 0) from subctl_internal.projected_grants($1, $2, $3) g);
end $$;
