-- Sums the ledger again, entry by entry. Entries may be written in another order than that of their instants: in the
-- order of time no grant is used before it was granted, nor for more than was left of it.
create or replace view subctl.integrity_balances as
with chain as (
  select customer_id, id, balance_after, sum(amount) over w as balance, lag(id, 1, 0::bigint) over w as previous
    from subctl.credit_entries
  window w as (partition by customer_id order by id rows unbounded preceding)
)
select customer_id, 'balance after entry ' || id as subject, trim_scale(balance)::text as expected,
       trim_scale(balance_after)::text as found
  from chain where balance_after <> balance
union all
select customer_id, 'entry after ' || previous, (previous + 1)::text, id::text from chain where id <> previous + 1
union all
select customer_id, 'balance after entry ' || id, '0 or more', trim_scale(balance_after)::text from chain
 where balance_after < 0
union all
select l.customer_id, 'grant ' || l.grant_id || ' at ' || subctl_internal.iso(l.at),
       '0 or more', trim_scale(l.balance)::text
  from (select e.customer_id, e.grant_id, e.at,
               sum(sum(e.amount)) over (partition by e.customer_id, e.grant_id order by e.at) as balance
          from subctl.credit_entries e group by 1, 2, 3) l
 where l.balance < 0;
comment on view subctl.integrity_balances is
  'R23, R13: Each balance in the ledger is the sum of the entries up to it, entry numbers have no gaps, and no '
  'grant is below zero at any instant';
