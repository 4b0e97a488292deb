-- Lists ledger entries without a grant, of an unknown kind, with the wrong sign, or with a negative balance.
create or replace view subctl.integrity_entries as
select e.customer_id, 'entry ' || e.id as subject, 'a grant ' || e.grant_id as expected, 'none' as found
  from subctl.credit_entries e
 where not exists (select 1 from subctl.credit_grants g where g.customer_id = e.customer_id and g.id = e.grant_id)
union all
select e.customer_id, 'entry ' || e.id || ' (' || e.kind || ')',
       case when e.kind in ('grant', 'reversal') then 'above 0' else 'below 0' end,
       trim_scale(e.amount)::text
  from subctl.credit_entries e
 where e.amount = 0 or (e.kind in ('grant', 'reversal')) <> (e.amount > 0)
union all
select e.customer_id, 'kind of entry ' || e.id, 'grant, use, deduct, expire or reversal', e.kind
  from subctl.credit_entries e where e.kind not in ('grant', 'use', 'deduct', 'expire', 'reversal')
union all
select e.customer_id, 'balance after entry ' || e.id, '0 or more', trim_scale(e.balance_after)::text
  from subctl.credit_entries e where e.balance_after < 0;
comment on view subctl.integrity_entries is
  'R23: Every ledger entry belongs to a grant of its customer, has the sign of its kind and leaves no negative '
  'balance';
