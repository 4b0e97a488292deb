-- Writes price_cards from prices, as cards_of_prices computes them. Call it after prices are added: with the change
-- that added them it writes the cards of its models alone. Takes the lock of prices.
create or replace function subctl_internal.compile_prices(p_change text default null) returns void
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform pg_advisory_xact_lock(7317);
  if p_change is null then
    delete from subctl.price_cards;
  else
    delete from subctl.price_cards c
     where (c.provider, c.model) in (select n.provider, n.model from subctl.prices n where n.change_id = p_change);
  end if;
  insert into subctl.price_cards (provider, model, effective_from, comps, amounts, pers, tiers)
  select c.* from subctl_internal.cards_of_prices(p_change) c;
end $$;
