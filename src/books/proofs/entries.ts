import type { Proof } from '../proof.ts';

/** Every entry of the ledger belongs to a grant of its customer and has the sign of its kind. */
export const entries: Proof = {
  name: 'entries',
  proves: 'Every entry of the ledger belongs to a grant of its customer and has the sign of its kind',
  disagreements: (db) => db`
    select e.customer_id as customer, 'entry ' || e.id as what, 'a grant ' || e.grant_id as expected, 'none' as found
      from subctl.credit_entries e
     where not exists (select from subctl.credit_grants g where g.customer_id = e.customer_id and g.id = e.grant_id)
    union all
    select e.customer_id, 'entry ' || e.id || ' (' || e.kind || ')', case when e.kind in ('grant', 'reversal') then 'above 0' else 'below 0' end,
           trim_scale(e.amount)::text
      from subctl.credit_entries e
     where e.amount = 0 or (e.kind in ('grant', 'reversal')) <> (e.amount > 0)`,
};
