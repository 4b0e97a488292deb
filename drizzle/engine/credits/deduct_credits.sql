-- Deducts credits from a customer, in full or with SB004, never below zero (R23). Called by operators and
-- applications. Reserved credits cannot be deducted. Returns the balance after it.
create or replace function subctl_internal.deduct_credits(
  p_customer text, p_amount numeric, p_as_of timestamptz, p_reason text, p_change text) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_balance numeric;
  v_held numeric;
begin
  if not exists (select 1 from subctl.customers c where c.id = p_customer) then
    raise exception 'There is no customer %', p_customer using errcode = 'SB003', hint = 'subctl customers list';
  end if;
  if p_amount is null or not (p_amount > 0 and p_amount < 'Infinity') then
    raise exception 'A deduction of % credits is refused: the amount must be positive', p_amount
      using errcode = 'SB002';
  end if;
  perform subctl_internal.post_due_credits(array[p_customer], p_as_of, p_change);
  v_held := subctl_internal.reserved_credits(p_customer, p_as_of);   -- reserved credits cannot be deducted
  if v_held = 0 or subctl_internal.spendable_credits(p_customer, p_as_of, p_as_of) - v_held >= p_amount then
    v_balance := subctl_internal.burn_credits(p_customer, p_amount, p_as_of, 'deduct', null, p_reason, p_change,
                                              p_as_of);
  end if;
  if v_balance is null then
    raise exception 'Customer % has % credits%, % cannot be deducted', p_customer,
      trim_scale(subctl_internal.spendable_credits(p_customer, p_as_of, p_as_of)),
      case when v_held > 0 then format(', %s of them held by reservations', trim_scale(v_held)) else '' end,
      trim_scale(p_amount)
      using errcode = 'SB004', hint = format('subctl credits show %s', p_customer);
  end if;
  return v_balance;
end $$;
