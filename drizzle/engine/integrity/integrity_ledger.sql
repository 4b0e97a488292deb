-- Compares three figures of each customer that must be equal: the sum of the ledger entries, the sum of what is left
-- of the grants, and the balance after the last entry.
create or replace view subctl.integrity_ledger as
with entries as (select customer_id, sum(amount) as amount from subctl.credit_entries group by 1),
     newest as (select distinct on (customer_id) customer_id, balance_after from subctl.credit_entries
                 order by customer_id, id desc),
     grants as (select customer_id, sum(remaining) as amount from subctl.credit_grants group by 1)
select coalesce(e.customer_id, g.customer_id) as customer_id, 'sum of the ledger, left of the grants' as subject,
       trim_scale(coalesce(e.amount, 0))::text as expected, trim_scale(coalesce(g.amount, 0))::text as found
  from entries e full join grants g on g.customer_id = e.customer_id
 where coalesce(e.amount, 0) <> coalesce(g.amount, 0)
union all
select e.customer_id, 'sum of the ledger, last balance', trim_scale(e.amount)::text,
       trim_scale(n.balance_after)::text
  from entries e join newest n on n.customer_id = e.customer_id
 where n.balance_after <> e.amount;
comment on view subctl.integrity_ledger is
  'R23: The sum of a customer''s ledger, what is left of the grants and the last balance are equal';
