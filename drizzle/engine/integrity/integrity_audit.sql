-- Lists rows of the audit trail and of tables with a change_id whose change does not exist, one row for each change.
create or replace view subctl.integrity_audit as
select min(h.customer_id) as customer_id, h.entity || ' of change ' || h.change_id as subject,
       'a change' as expected, 'none, ' || count(*) || ' rows' as found
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
 where not exists (select 1 from subctl.changes c where c.id = h.change_id)
 group by h.entity, h.change_id;
comment on view subctl.integrity_audit is
  'R45: Every row of history names a change that is recorded';
