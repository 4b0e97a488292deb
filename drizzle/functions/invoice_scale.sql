-- How many digits after the point an invoice has: those of its currency, and where it is charged those that providers charge in: dinars in steps of
-- ten fils, ariary whole. `charged` is whether its collection is `charge`.
create or replace function subctl.invoice_scale(currency text, charged boolean) returns int
language sql immutable parallel safe as $$
  select case when not $2 then subctl.currency_scale($1) when $1 = 'MGA' then 0 else least(2, subctl.currency_scale($1)) end
$$;
