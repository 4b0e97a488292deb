-- Returns the decimals of an invoice: those of its currency and, if it is charged, those that payment providers accept
-- (dinars in steps of ten fils, whole ariary). `charged` is true if the collection is `charge`.
create or replace function subctl_internal.invoice_scale(currency text, charged boolean) returns int
language sql immutable parallel safe as $$
  select case when not $2 then subctl_internal.currency_scale($1) when $1 = 'MGA' then 0
              else least(2, subctl_internal.currency_scale($1)) end
$$;
