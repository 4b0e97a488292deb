-- Lists the credit grants of a customer that are valid at an instant, with what was left of them then. Grants that
-- have ended by their dates are excluded; grants not written yet are included and marked `due` (R16, R22). The
-- remainders sum to credit_balance. An instant before the newest ledger entry is answered from the ledger.
create or replace function subctl_internal.live_credits(customer text, as_of timestamptz)
returns table (id uuid, source text, priority int, amount numeric, remaining numeric, granted_at timestamptz,
               expires_at timestamptz, due boolean)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if exists (select 1 from subctl.credit_entries x where x.customer_id = $1 and x.at > $2) then
    return query
      select g.id, g.source, g.priority, g.amount, coalesce(l.amount, 0), g.granted_at, g.expires_at, false
        from subctl.credit_grants g
        left join (select x.grant_id, sum(x.amount) as amount from subctl.credit_entries x
                    where x.customer_id = $1 and x.at <= $2 group by 1) l on l.grant_id = g.id
       where g.customer_id = $1
         and (l.amount <> 0 or g.granted_at <= $2 and (g.expires_at is null or g.expires_at > $2));
  else
    return query
      with due as materialized (select d.* from subctl_internal.due_credits($1, $2, true) d)
      select g.id, g.source, g.priority, g.amount, g.remaining, g.granted_at, g.expires_at, false
        from subctl.credit_grants g
       where g.customer_id = $1 and g.expired_at is null
         and not exists (select 1 from due d where d.kind = 'expire' and d.existing and d.grant_id = g.id)
      union all
      select d.grant_id, d.source, d.priority, d.amount, d.amount, d.at, d.expires_at, true
        from due d where d.kind = 'grant' and d.dead_at is null;
  end if;
end $$;
