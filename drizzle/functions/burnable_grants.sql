-- What may be taken of each grant of a customer at `as_of` for a use of `used_at`: of those that lived at both instants what is left, and where
-- the ledger goes on after `as_of` no more than was left at every instant since (R23).
create or replace function subctl.burnable_grants(customer text, as_of timestamptz, used_at timestamptz)
returns table (id uuid, priority int, expires_at timestamptz, granted_at timestamptz, amount numeric)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
begin
  if not exists (select from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return query
      select g.id, g.priority, g.expires_at, g.granted_at, g.remaining
        from subctl.credit_grants g
       where g.customer_id = $1 and g.expired_at is null and g.remaining > 0 and g.granted_at <= $3 and (g.expires_at is null or g.expires_at > $2);
    return;
  end if;
  return query
    select g.id, g.priority, g.expires_at, g.granted_at, least(g.remaining, l.lowest)
      from subctl.credit_grants g
      join (select e.grant_id, min(e.balance) as lowest
              from (select x.grant_id, sum(x.amount) over w as balance, lead(x.at) over w as until
                      from subctl.credit_entries x where x.customer_id = $1
                    window w as (partition by x.grant_id order by x.at, x.id)) e
             where e.until is null or e.until > $2
             group by e.grant_id) l on l.grant_id = g.id
     where g.customer_id = $1 and g.expired_at is null and g.remaining > 0 and l.lowest > 0
       and g.granted_at <= least($2, $3) and (g.expires_at is null or g.expires_at > $2);
end $$;
