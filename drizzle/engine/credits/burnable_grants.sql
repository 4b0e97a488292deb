-- Returns what a use at used_at may take of each credit grant at as_of (R13, R23). A grant that was valid at both
-- instants gives what is left of it. A grant that was valid at used_at and has ended (`over`) gives what expired and
-- did not roll over. If the ledger has entries after as_of, a valid grant gives no more than its lowest balance since.
create or replace function subctl_internal.burnable_grants(customer text, as_of timestamptz, used_at timestamptz)
returns table (id uuid, priority int, expires_at timestamptz, granted_at timestamptz, amount numeric, over boolean)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if not exists (select 1 from subctl.credit_entries e where e.customer_id = $1 and e.at > $2) then
    return query
      select g.id, g.priority, g.expires_at, g.granted_at, g.remaining, false
        from subctl.credit_grants g
       where g.customer_id = $1 and g.expired_at is null and g.remaining > 0 and g.granted_at <= $3
         and (g.expires_at is null or g.expires_at > $2);
  else
    return query
      select g.id, g.priority, g.expires_at, g.granted_at, least(g.remaining, l.lowest), false
        from subctl.credit_grants g
        join (select e.grant_id, min(e.balance) as lowest
                from (select x.grant_id, sum(x.amount) over w as balance, lead(x.at) over w as until
                        from subctl.credit_entries x where x.customer_id = $1
                      window w as (partition by x.grant_id order by x.at, x.id)) e
               where e.until is null or e.until > $2
               group by e.grant_id) l on l.grant_id = g.id
       where g.customer_id = $1 and g.expired_at is null and g.remaining > 0 and l.lowest > 0
         and g.granted_at <= least($2, $3) and (g.expires_at is null or g.expires_at > $2);
  end if;
  if $3 < $2 then
    return query
      select g.id, g.priority, g.expires_at, g.granted_at, l.unused, true
        from subctl.credit_grants g
       cross join lateral (
         select coalesce(-sum(e.amount) filter (where e.kind = 'expire' or e.kind = 'reversal' and e.event_id is null),
                         0)
                - coalesce((select r.amount from subctl.credit_grants r
                             where r.customer_id = $1 and r.source_key = 'rollover:' || g.source_key), 0) as unused
           from subctl.credit_entries e where e.customer_id = $1 and e.grant_id = g.id) l
       where g.customer_id = $1 and g.expired_at is not null and g.granted_at <= $3 and g.expires_at > $3
         and g.expires_at <= $2 and l.unused > 0;
  end if;
end $$;
