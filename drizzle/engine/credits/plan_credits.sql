-- Returns each customer's plan credits of the current cycle at an instant: granted and used. `past` is true if the
-- instant may lie before the newest ledger entries; only then are they read.
create or replace function subctl_internal.plan_credits(as_of timestamptz, past boolean)
returns table (customer_id text, amount numeric, used numeric)
language sql stable as $$
  select g.customer_id, sum(g.amount), sum(g.amount - g.remaining + coalesce(l.amount, 0))
    from subctl.credit_grants g
    left join (select e.customer_id, e.grant_id, sum(e.amount) as amount from subctl.credit_entries e
                where $2 and e.at > $1 and e.kind <> 'grant' group by 1, 2) l
      on l.customer_id = g.customer_id and l.grant_id = g.id
   where g.source = 'plan' and g.granted_at <= $1 and g.expires_at > $1
   group by 1
$$;
