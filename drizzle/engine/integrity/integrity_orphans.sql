-- Counts the rows of each table whose customer does not exist. Notifications of the operator have no customer.
create or replace view subctl.integrity_orphans as
select r.customer_id, r.origin as subject, 'a customer ' || r.customer_id as expected,
       r.rows || ' rows of none' as found
  from (
          select customer_id, 'customer_zones' as origin, count(*) as rows from subctl.customer_zones group by 1
          union all
          select customer_id, 'members' as origin, count(*) as rows from subctl.members group by 1
          union all
          select customer_id, 'invitations' as origin, count(*) as rows from subctl.invitations group by 1
          union all
          select customer_id, 'subscriptions' as origin, count(*) as rows from subctl.subscriptions group by 1
          union all
          select customer_id, 'subscription_phases' as origin, count(*) as rows from subctl.subscription_phases
           group by 1
          union all
          select customer_id, 'limit_overrides' as origin, count(*) as rows from subctl.limit_overrides group by 1
          union all
          select customer_id, 'usage_resets' as origin, count(*) as rows from subctl.usage_resets group by 1
          union all
          select customer_id, 'renewals' as origin, count(*) as rows from subctl.renewals group by 1
          union all
          select customer_id, 'credit_grants' as origin, count(*) as rows from subctl.credit_grants group by 1
          union all
          select customer_id, 'credit_entries' as origin, count(*) as rows from subctl.credit_entries group by 1
          union all
          select customer_id, 'invoices' as origin, count(*) as rows from subctl.invoices group by 1
          union all
          select customer_id, 'invoice_lines' as origin, count(*) as rows from subctl.invoice_lines group by 1
          union all
          select customer_id, 'payments' as origin, count(*) as rows from subctl.payments group by 1
          union all
          select customer_id, 'usage_events' as origin, count(*) as rows from subctl.usage_events group by 1
          union all
          select customer_id, 'usage_keys' as origin, count(*) as rows from subctl.usage_keys group by 1
          union all
          select customer_id, 'customer_windows' as origin, count(*) as rows from subctl.customer_windows group by 1
          union all
          select customer_id, 'usage_totals' as origin, count(*) as rows from subctl.usage_totals group by 1
          union all
          select customer_id, 'usage_counters' as origin, count(*) as rows from subctl.usage_counters group by 1
          union all
          select customer_id, 'usage_adjustments' as origin, count(*) as rows from subctl.usage_adjustments
           group by 1
          union all
          select customer_id, 'usage_rolling_totals' as origin, count(*) as rows
            from subctl.usage_rolling_totals group by 1
          union all
          select customer_id, 'reservations' as origin, count(*) as rows from subctl.reservations group by 1
          union all
          select customer_id, 'alerts' as origin, count(*) as rows from subctl.alerts group by 1
          union all
          select customer_id, 'notifications' as origin, count(*) as rows from subctl.notifications group by 1) r
 where not exists (select 1 from subctl.customers c where c.id = r.customer_id)
   and (r.origin, r.customer_id) <> ('notifications', '') -- the operator's
union all
select c.customer_id, 'windows of ' || c.meter_id, 'a meter ' || c.meter_id, 'none'
  from subctl.usage_counters c where not exists (select 1 from subctl.meters m where m.id = c.meter_id);
comment on view subctl.integrity_orphans is
  'R45: Every row of a customer belongs to a customer that exists, and every counter to a meter';
