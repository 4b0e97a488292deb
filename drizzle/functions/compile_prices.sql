-- Writes price_cards from prices, as cards_of_prices computes them. Call it after prices are added.
create or replace function subctl.compile_prices() returns void
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform pg_advisory_xact_lock(7317);
  delete from subctl.price_cards;
  insert into subctl.price_cards (provider, model, effective_from, comps, amounts, pers, tiers)
  select c.* from subctl.cards_of_prices() c;
end $$;
