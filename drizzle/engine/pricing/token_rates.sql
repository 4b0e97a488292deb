-- Returns what one token costs by the price card in force at an instant, where that is the whole price: the card
-- charges only input, output and cached tokens, without tiers, by a power of ten. A rate is null where the card has no
-- such price. `since` and `until` bound the time in which no other card of the provider, or of its fallbacks, begins.
-- All null for other cards: price_usage decides them.
create or replace function subctl_internal.token_rates(
  p_provider text, p_model text, p_at timestamptz,
  out input_rate numeric, out cached_rate numeric, out output_rate numeric, out since timestamptz,
  out until timestamptz)
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  card subctl.price_cards := subctl_internal.price_card(p_provider, p_model, p_at);
begin
  if not card.comps <@ '{input_tokens,output_tokens,cached_input_tokens}' or card.tiers <> '{}' then return; end if;
  select min(c.rate) filter (where c.component = 'input_tokens'),
         min(c.rate) filter (where c.component = 'cached_input_tokens'),
         min(c.rate) filter (where c.component = 'output_tokens')
    into input_rate, cached_rate, output_rate
    from (select x.component, trim_scale(round(x.amount, scale(x.amount) + 20) / x.per) as rate
            from unnest(card.comps, card.amounts, card.pers) x(component, amount, per)
           where trim_scale(x.per)::text ~ '^10*$') c;
  if num_nonnulls(input_rate, cached_rate, output_rate) < cardinality(card.comps) then
    input_rate := null; cached_rate := null; output_rate := null;
    return;
  end if;
  cached_rate := coalesce(cached_rate, input_rate);
  select max(c.effective_from) filter (where c.effective_from <= p_at),
         min(c.effective_from) filter (where c.effective_from > p_at)
    into since, until
    from subctl.price_cards c
   where c.provider = p_provider
      or c.provider in (select f.fallback from subctl.price_fallbacks f where f.provider = p_provider);
end $$;
