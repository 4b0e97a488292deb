-- Lists everything that a change wrote. Sources are the audit log and the tables that are their own history: customers
-- that were never edited, the credit ledger, subscription segments, renewals, resets, closed windows, invoices,
-- payments, plan versions and prices. `before` is null for rows that are only added.
create or replace view subctl.audit_trail as
select a.change_id, a.customer_id::text as customer_id, a.entity, a.entity_key, a.before, a.after, a.id as position
  from subctl.audit_log a
union all
select c.made_by, c.id::text, 'customer', c.id::text, null,
       subctl_internal.customer_audit_entry(c.id, c.kind, c.timezone, c.currency, c.name, c.email, c.metadata), 0
  from subctl.customers c where c.made_by is not null
union all
select e.change_id, e.customer_id, 'credit entry', e.id::text, null,
       jsonb_build_object('kind', e.kind, 'amount', trim_scale(e.amount)::text,
                          'balance_after', trim_scale(e.balance_after)::text, 'at', subctl_internal.iso(e.at)), 100
  from subctl.credit_entries e where e.change_id is not null
union all
select s.change_id, s.customer_id, 'subscription', s.subscription_id::text,
       case when s.previous_status <> 'none' then jsonb_build_object('status', s.previous_status) end,
       jsonb_build_object('status', s.status, 'plan', s.plan_id, 'version', s.version, 'every', s.every,
                          'from', subctl_internal.iso(s.from_at), 'cause', s.cause), 200
  from subctl.subscription_phases s where s.change_id is not null
union all
select r.change_id, r.customer_id, 'renewal', r.subscription_id::text, null,
       jsonb_build_object('outcome', r.outcome, 'period_start', subctl_internal.iso(r.period_start),
                          'period_end', subctl_internal.iso(r.period_end), 'attempt', r.attempt, 'amount',
                          trim_scale(r.amount)::text, 'currency', r.currency), 300
  from subctl.renewals r where r.change_id is not null
union all
select u.change_id, u.customer_id, 'usage reset', subctl_internal.iso(u.at), null, jsonb_build_object('cause', u.cause),
       400
  from subctl.usage_resets u where u.change_id is not null
union all
select c.change_id, c.customer_id, 'closed window',
       c.meter_id || ' ' || c."window" || case when c.subject <> '' then ' ' || c.subject else '' end, null,
       jsonb_build_object('from', subctl_internal.iso(c.window_start), 'to', subctl_internal.iso(c.window_end),
                          'used', trim_scale(c.used)::text, 'limit', trim_scale(c.limit_value)::text), 500
  from subctl.usage_counters c where c.change_id is not null
union all
select i.change_id, i.customer_id, 'invoice', i.number, null,
       jsonb_build_object('status', i.status, 'total', trim_scale(i.total)::text, 'currency', i.currency), 600
  from subctl.invoices i where i.change_id is not null
union all
select p.change_id, p.customer_id, 'payment', p.provider || ' ' || p.reference, null,
       jsonb_build_object('status', p.status, 'amount', trim_scale(p.amount)::text, 'currency', p.currency), 700
  from subctl.payments p where p.change_id is not null
union all
select v.change_id, '', 'plan version', v.plan_id || ' ' || v.version, null,
       jsonb_build_object('plan', v.plan_id, 'version', v.version), 800
  from subctl.plan_versions v where v.change_id is not null
union all
select p.change_id, '', 'price', concat_ws(' ', p.provider, p.model, p.component), null,
       jsonb_build_object('amount', trim_scale(p.amount)::text, 'per', trim_scale(p.per)::text, 'unit', p.unit,
                          'effective_from', subctl_internal.iso(p.effective_from), 'source', p.source), 900
  from subctl.prices p where p.change_id is not null;
