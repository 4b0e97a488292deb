-- Ends what is left of a customer's live plan grants at an instant before their own end: nothing of it rolls over
-- (R24). The caller has locked the customer and posted what was due by then.
create or replace function subctl_internal.end_plan_credits(
  p_customer text, p_at timestamptz, p_change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, change_id)
  select p_customer, last.id + row_number() over taken, g.id, p_at, 'expire', -g.remaining,
         last.balance_after - sum(g.remaining) over taken, p_change
    from subctl.credit_grants g
   cross join lateral (select l.id, l.balance_after from subctl.credit_entries l
                        where l.customer_id = p_customer order by l.id desc limit 1) last
   where g.customer_id = p_customer and g.source in ('plan', 'reset') and g.expired_at is null and g.remaining > 0
  window taken as (order by g.granted_at, g.id);
  update subctl.credit_grants g
     set remaining = 0, expires_at = greatest(g.granted_at, p_at), expired_at = greatest(g.granted_at, p_at)
   where g.customer_id = p_customer and g.source in ('plan', 'reset') and g.expired_at is null;
end $$;
