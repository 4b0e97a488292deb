-- Compares what is left of each grant with the sum of its ledger entries. A grant has one entry of kind grant, of its
-- whole amount.
create or replace view subctl.integrity_grants as
with sums as (
  select g.customer_id, g.id, g.source_key, g.amount, g.remaining, g.granted_at, g.expires_at, e.entries, e.given,
         e.gifts
    from subctl.credit_grants g
    left join (select customer_id, grant_id, sum(amount) as entries,
                      sum(amount) filter (where kind = 'grant') as given,
                      count(*) filter (where kind = 'grant') as gifts
                 from subctl.credit_entries group by 1, 2) e on e.customer_id = g.customer_id and e.grant_id = g.id
)
select customer_id, 'left of grant ' || source_key as subject, trim_scale(coalesce(entries, 0))::text as expected,
       trim_scale(remaining)::text as found
  from sums where remaining is distinct from coalesce(entries, 0)
union all
select customer_id, 'left of grant ' || source_key, 'from 0 to ' || trim_scale(amount), trim_scale(remaining)::text
  from sums where remaining < 0 or remaining > amount
union all
select customer_id, 'end of grant ' || source_key, 'at ' || subctl_internal.iso(granted_at) || ' or later',
       subctl_internal.iso(expires_at)
  from sums where expires_at < granted_at
union all
select customer_id, 'amount of grant ' || source_key, 'above 0', trim_scale(amount)::text from sums
 where amount <= 0
union all
select customer_id, 'given by grant ' || source_key, trim_scale(amount)::text || ' once',
       coalesce(trim_scale(given)::text, 'nothing') || ' in ' || coalesce(gifts, 0) || ' entries'
  from sums where given is distinct from amount or gifts <> 1;
comment on view subctl.integrity_grants is
  'R22, R23: What is left of each grant is the sum of its entries, between zero and the amount granted, and no '
  'grant ends before it begins';
