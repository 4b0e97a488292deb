-- Spends credits of one grant for a present use, the whole amount or nothing, and returns the balance afterwards;
-- null, with nothing spent, where the grant has less. The caller holds the customer's row and follows rules made by
-- credit_rules: this grant is next (R21), none has expired, and no grant has more than when the rules were made.
create or replace function subctl_internal.burn_from_grant(
  p_customer text, p_grant uuid, p_amount numeric, p_now timestamptz, p_event uuid) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_last bigint;
  v_balance numeric;
begin
  update subctl.credit_grants g set remaining = g.remaining - p_amount
   where g.customer_id = p_customer and g.id = p_grant and g.remaining >= p_amount and g.expired_at is null;
  if not found then return null; end if;
  select e.id, e.balance_after - p_amount into v_last, v_balance
    from subctl.credit_entries e where e.customer_id = p_customer order by e.id desc limit 1;
  insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, event_id)
  values (p_customer, v_last + 1, p_grant, p_now, 'use', -p_amount, v_balance, p_event);
  return v_balance;
end $$;
