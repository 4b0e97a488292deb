-- Adds usage beyond limits with a price to invoices that were just issued: one line a window, each rounded once (R27).
-- It closes ended windows first, so the order of the tasks does not matter. It reads only customers who ever had such
-- a limit.
create or replace function subctl_internal.invoice_overage(
  p_customers text[], p_invoices uuid[], p_as_of timestamptz, p_change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_some text[];
begin
  v_some := array(
    select t.customer_id from unnest(p_customers) t(customer_id)
     where exists (select 1 from subctl.subscription_phases g
                     join subctl.plan_limits l on l.plan_id = g.plan_id and l.version = g.version
                    where g.customer_id = t.customer_id and l.enforcement = 'overage'));
  if v_some = '{}' then return; end if;
  perform subctl_internal.close_windows(p_as_of, v_some, p_change, true),
    subctl_internal.close_windows(p_as_of, v_some, p_change, false);
  with lines as (
    insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, quantity, unit_amount,
                                      amount, period_start, period_end, details, source_key)
    select o.customer_id, i.id, 1 + row_number() over (partition by o.customer_id order by o.source_key), 'overage',
           m.name || case when o.subject <> '' then ' (' || o.subject || ')' else '' end || ' beyond the limit per '
             || o.win, o.units, o.price / o.per,
           round(o.units * o.price / o.per, subctl_internal.invoice_scale(i.currency, i.collect_at is not null)),
           o.window_start, o.window_end, jsonb_build_object('exact', trim_scale(o.units * o.price / o.per)::text),
           o.source_key
      from subctl_internal.overage_owed(v_some) o
      join subctl.meters m on m.id = o.meter_id
      join unnest(p_customers, p_invoices) t(customer_id, id) on t.customer_id = o.customer_id
      join subctl.invoices i on i.customer_id = t.customer_id and i.id = t.id
    on conflict (customer_id, source_key) do nothing
    returning customer_id, invoice_id, amount
  )
  update subctl.invoices i set total = i.total + l.amount
    from (select x.customer_id, x.invoice_id, sum(x.amount) as amount from lines x group by 1, 2) l
   where i.customer_id = l.customer_id and i.id = l.invoice_id;
end $$;
