-- Issues a final invoice for subscriptions that have just ended: usage beyond limits with a price, in the windows that
-- ended with them. Issues it once, and only if an amount is due. It is due and collected like the invoices
-- before it. The caller has locked the customers.
create or replace function subctl_internal.invoice_final_period(
  p_customers text[], p_subscriptions uuid[], p_as_of timestamptz, p_change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_some text[];
  v_invoices uuid[];
begin
  v_some := array(
    select s.customer_id from unnest(p_customers, p_subscriptions) t(customer_id, id)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.id
       and s.collection in ('invoice', 'charge')
     where exists (select 1 from subctl.subscription_phases g
                     join subctl.plan_limits l on l.plan_id = g.plan_id and l.version = g.version
                      and l.enforcement = 'overage'
                    where g.customer_id = s.customer_id));
  if v_some = '{}' then return; end if;
  perform subctl_internal.close_windows(p_as_of, v_some, p_change, true),
    subctl_internal.close_windows(p_as_of, v_some, p_change, false);
  with issued as (
    insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, plan_id, every, status, currency,
                                 total, period_start, period_end, issued_at, due_at, collect_at, change_id)
    select s.customer_id, subctl_internal.uuid7(p_as_of),
           subctl_internal.invoice_number(s.customer_id,
                                          1 + (select count(*) from subctl.invoices o
                                               where o.customer_id = s.customer_id)),
           'last:' || s.id, s.id, s.plan_id, s.every, 'open', s.currency, 0, s.current_period_start, s.ended_at,
           p_as_of, p_as_of + make_interval(hours => case s.collection when 'invoice' then 24 * pv.net_days else 0 end),
           case s.collection when 'charge' then p_as_of end, p_change
      from unnest(p_customers, p_subscriptions) t(customer_id, id)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.id
      join subctl.plan_versions pv on pv.plan_id = s.plan_id and pv.version = s.version
     where s.customer_id = any (v_some) and exists (select 1 from subctl_internal.overage_owed(array[s.customer_id]))
    on conflict (customer_id, source_key) do nothing
    returning customer_id, id
  )
  select array_agg(i.customer_id), array_agg(i.id) into v_some, v_invoices from issued i;
  if v_some is null then return; end if;
  perform subctl_internal.invoice_overage(v_some, v_invoices, p_as_of, p_change);
  -- an invoice of 0 is paid
  update subctl.invoices i set status = 'paid', paid_at = p_as_of, collect_at = null
   where i.customer_id = any (v_some) and i.id = any (v_invoices) and i.total = 0;
end $$;
