-- Formats an amount with the decimals of its currency, or more if the amount has more: 39 USD is 39.00. Equals
-- domain/currency-digits.ts.
create or replace function subctl_internal.in_currency(amount numeric, currency text) returns text
language sql immutable parallel safe as $$
  select case when scale(trim_scale($1)) > subctl_internal.currency_scale($2) then trim_scale($1)::text
              else round($1, subctl_internal.currency_scale($2))::text end
$$;
