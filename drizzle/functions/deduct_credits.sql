-- Takes credits away from a customer by an operator or an application: whole or SB004, never below zero (R23). Returns the balance after.
create or replace function subctl.deduct_credits(customer text, amount numeric, as_of timestamptz, reason text, change text) returns numeric
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_balance numeric;
  v_held numeric;
begin
  if not exists (select 1 from subctl.customers c where c.id = $1) then
    raise exception 'There is no customer %', $1 using errcode = 'SB003', hint = 'subctl customers list';
  end if;
  if $2 is null or not ($2 > 0 and $2 < 'Infinity') then
    raise exception 'A deduction of % credits is refused: the amount must be positive', $2 using errcode = 'SB002';
  end if;
  perform subctl.post_due_credits(array[$1], $3, $5);
  v_held := subctl.held_credits($1, $3);     -- reserved: not to be taken
  if v_held = 0 or subctl.spendable_credits($1, $3, $3) - v_held >= $2 then
    v_balance := subctl.burn_credits($1, $2, $3, 'deduct', null, $4, $5, $3);
  end if;
  if v_balance is null then
    raise exception 'Customer % has % credits%, % cannot be deducted', $1, trim_scale(subctl.spendable_credits($1, $3, $3)),
      case when v_held > 0 then format(', %s of them held by reservations', trim_scale(v_held)) else '' end, trim_scale($2)
      using errcode = 'SB004', hint = format('subctl credits show %s', $1);
  end if;
  return v_balance;
end $$;
