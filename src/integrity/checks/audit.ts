import type { Check } from '../check.ts';

/** Every row of history names a change that is written. */
export const auditTrail: Check = {
  name: 'audit',
  asserts: 'Every row of history names a change that is written',
  findings: (db) => db`
    select min(h.customer_id) as customer, h.entity || ' of change ' || h.change_id as what, 'a change' as expected, 'none, ' || count(*) || ' rows' as found
      from (select change_id, customer_id, entity from subctl.audit_trail
            union all
            select change_id, customer_id, 'limit' from subctl.limit_overrides where change_id is not null
            union all
            select change_id, customer_id, 'grant' from subctl.credit_grants where change_id is not null
            union all
            select change_id, id, 'customer' from subctl.customers where change_id is not null
            union all
            select change_id, customer_id, 'member' from subctl.members where change_id is not null
            union all
            select change_id, customer_id, 'subscription' from subctl.subscriptions where change_id is not null
            union all
            select change_id, customer_id, 'zone' from subctl.customer_zones where change_id is not null) h
     where not exists (select from subctl.changes c where c.id = h.change_id)
     group by h.entity, h.change_id`,
};
