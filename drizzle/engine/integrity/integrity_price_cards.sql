-- Compiles the price cards again (cards_of_prices) and compares both sets.
create or replace view subctl.integrity_price_cards as
with computed as (select * from subctl_internal.cards_of_prices()),
     written as (select provider, model, effective_from, comps, amounts, pers, tiers from subctl.price_cards)
select '' as customer_id, concat_ws(' ', 'card of', provider, model, 'from',
                                    subctl_internal.iso(effective_from)) as subject, 'as its prices say' as expected,
       case when count(*) filter (where side = 'written') = 0 then 'missing'
            when count(*) filter (where side = 'computed') = 0 then 'not expected' else 'another' end as found
  from ((select 'computed' as side, o.provider, o.model, o.effective_from
           from (select * from computed except select * from written) o)
        union all
        (select 'written', w.provider, w.model, w.effective_from
           from (select * from written except select * from computed) w)) d
 group by provider, model, effective_from;
comment on view subctl.integrity_price_cards is
  'R25: The compiled price cards are what the prices say';
