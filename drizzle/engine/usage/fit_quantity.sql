-- Returns how much of a use fits into every hard limit and the credits (R12, `partial`): whole where the quantity is
-- whole, else to six decimals. It is the whole quantity where all fits, and zero or less where nothing does. Called
-- only for uses that are counted by their quantity alone; other uses fit whole or not at all.
create or replace function subctl_internal.fit_quantity(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, rules subctl.plan_rules,
  tally subctl.usage_tally) returns numeric
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  fits numeric := measure.quantity;
  room numeric;
  counted subctl.usage_count;
begin
  foreach counted in array tally.counts loop
    room := counted.limit_value - counted.used - coalesce(counted.held, 0);
    if counted.is_hard and counted.asked > room and counted.asked > 0 then
      fits := least(fits, case
        when counted.field = 'quantity' then room
        when counted.field in ('cost', 'tokens') then room * measure.quantity / counted.asked
        else 0 end);
    end if;
  end loop;
  if rules.credit_cost is not null and not rules.credits_unlimited then
    room := subctl_internal.spendable_credits(request.customer, standing.now, least(standing.at, standing.now));
    if tally.has_holds then room := room - subctl_internal.reserved_credits(request.customer, standing.now); end if;
    fits := least(fits, room / rules.credit_cost);
  end if;
  return case when measure.quantity = trunc(measure.quantity) then floor(fits) else trunc(fits, 6) end;
end $$;
