-- Returns what a use counts on a meter, by the field that the meter sums; of units, the one of that name. `count`
-- counts uses.
create or replace function subctl_internal.metered_amount(field text, amounts subctl.usage_amounts) returns numeric
language sql immutable parallel safe as $$
  select coalesce(case field
    when 'quantity' then amounts.quantity
    when 'tokens' then amounts.tokens
    when 'cost' then amounts.cost
    when 'count' then 1
    when 'input' then amounts.input
    when 'output' then amounts.output
    else (amounts.units->>field)::numeric end, 0)
$$;
