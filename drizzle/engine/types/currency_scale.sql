-- Returns the number of decimals of a currency (ISO 4217), as domain/currency.ts does.
create or replace function subctl_internal.currency_scale(currency text) returns int
language sql immutable parallel safe as $$
  select case
    when $1 = any ('{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,UYI,VND,VUV,XAF,XOF,XPF}'::text[]) then 0
    when $1 = any ('{BHD,IQD,JOD,KWD,LYD,OMR,TND}'::text[]) then 3
    when $1 = any ('{CLF,UYW}'::text[]) then 4
    else 2 end
$$;
