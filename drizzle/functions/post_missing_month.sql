-- Writes missing_month for a late use: the grant, and that it is over, which burn_credits then takes from. The caller
-- has locked the customer.
create or replace function subctl.post_missing_month(customer text, used_at timestamptz, as_of timestamptz, change text)
returns void
language sql volatile as $$
  with made as (
    insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
      expires_at, expired_at, change_id)
    select $1, subctl.uuid7(m.starts), 'plan', m.source_key, m.amount, 0, 20, m.starts, m.ends, m.ends, $4
      from subctl.missing_month($1, $2, $3) m
    returning id, amount, granted_at, expires_at
  ), newest as (
    select e.id, e.balance_after from subctl.credit_entries e where e.customer_id = $1 order by e.id desc limit 1
  )
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
  select $1, coalesce((select n.id from newest n), 0) + x.n, m.id, x.at, x.kind, x.amount,
         coalesce((select n.balance_after from newest n), 0) + x.after, $4
    from made m
   cross join lateral (values (1, 'grant', m.granted_at, m.amount, m.amount),
                              (2, 'expire', m.expires_at, -m.amount, 0)) x(n, kind, at, amount, after)
$$;
