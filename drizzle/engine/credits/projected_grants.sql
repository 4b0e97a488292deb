-- Returns what burnable_grants will return after everything due at as_of is written, for callers that write nothing
-- (R13, R16). A grant that has ended by its dates gives what expires and does not roll over. Grants that are due but
-- not written are included, as is the default plan's grant for the month of the use (missing_month).
create or replace function subctl_internal.projected_grants(customer text, as_of timestamptz, used_at timestamptz)
returns table (id uuid, priority int, expires_at timestamptz, granted_at timestamptz, amount numeric, over boolean)
language sql stable as $$
  with due as materialized (
    select d.* from subctl_internal.due_credits($1, $2) d
  ), gone as (
    select d.grant_id, d.at, d.amount - coalesce(r.amount, 0) as amount
      from due d
      left join due r on r.kind = 'grant' and r.source_key = 'rollover:' || d.source_key
     where d.kind = 'expire'
  )
  select g.id, g.priority, g.expires_at, g.granted_at, g.amount, g.over
    from subctl_internal.burnable_grants($1, $2, $3) g
   where g.over or not exists (select 1 from gone x where x.grant_id = g.id)
  union all
  select c.id, c.priority, x.at, c.granted_at, x.amount, true
    from gone x
    join subctl.credit_grants c on c.customer_id = $1 and c.id = x.grant_id
   where c.granted_at <= $3 and x.at > $3 and x.amount > 0
  union all
  select d.grant_id, d.priority, d.expires_at, d.at, coalesce(x.amount, d.amount), x.grant_id is not null
    from due d
    left join gone x on x.grant_id = d.grant_id
   where d.kind = 'grant' and d.at <= $3 and (x.at > $3 or x.grant_id is null) and coalesce(x.amount, d.amount) > 0
  union all
  select subctl_internal.uuid7(m.starts), 20, m.ends, m.starts, m.amount, true
    from subctl_internal.missing_month($1, $3, $2) m
   where not exists (select 1 from due d where d.source_key = m.source_key)
$$;
