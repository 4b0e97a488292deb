-- An amount with the digits that its currency has, or more where it is finer: 39 USD is 39.00; as domain/currency-digits.ts says.
create or replace function subctl.in_currency(amount numeric, currency text) returns text
language sql immutable parallel safe as $$
  select case when scale(trim_scale($1)) > subctl.currency_scale($2) then trim_scale($1)::text
              else round($1, subctl.currency_scale($2))::text end
$$;
