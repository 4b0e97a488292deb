import type { Check } from '../check.ts';

/** The compiled price cards are what the prices say. */
export const priceCards: Check = {
  name: 'price cards',
  asserts: 'The compiled price cards are what the prices say',
  findings: (db) => db`
    with ought as (select * from subctl.cards_of_prices()),
         written as (select provider, model, effective_from, comps, amounts, pers, tiers from subctl.price_cards)
    select '' as customer, concat_ws(' ', 'card of', provider, model, 'from', subctl.iso(effective_from)) as what, 'as its prices say' as expected,
           case when count(*) filter (where side = 'written') = 0 then 'missing' when count(*) filter (where side = 'ought') = 0 then 'not wanted' else 'another' end as found
      from ((select 'ought' as side, o.provider, o.model, o.effective_from from (select * from ought except select * from written) o)
            union all
            (select 'written', w.provider, w.model, w.effective_from from (select * from written except select * from ought) w)) d
     group by provider, model, effective_from`,
};
