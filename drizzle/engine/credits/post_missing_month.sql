-- Writes the rows of missing_month for a late use: the grant and its expiry, from which burn_credits then spends. The
-- caller has locked the customer.
create or replace function subctl_internal.post_missing_month(
  p_customer text, p_used_at timestamptz, p_as_of timestamptz, p_change text)
returns void
language sql volatile as $$
  with made as (
    insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at,
      expires_at, expired_at, change_id)
    select p_customer, subctl_internal.uuid7(m.starts), 'plan', m.source_key, m.amount, 0, 20, m.starts, m.ends, m.ends,
           p_change
      from subctl_internal.missing_month(p_customer, p_used_at, p_as_of) m
    returning id, amount, granted_at, expires_at
  ), newest as (
    select e.id, e.balance_after from subctl.credit_entries e where e.customer_id = p_customer
     order by e.id desc limit 1
  )
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
  select p_customer, coalesce((select n.id from newest n), 0) + x.n, m.id, x.at, x.kind, x.amount,
         coalesce((select n.balance_after from newest n), 0) + x.after, p_change
    from made m
   cross join lateral (values (1, 'grant', m.granted_at, m.amount, m.amount),
                              (2, 'expire', m.expires_at, -m.amount, 0)) x(n, kind, at, amount, after)
$$;
