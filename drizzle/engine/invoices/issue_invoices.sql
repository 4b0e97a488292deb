-- Issues the invoice of one period of each subscription at its price and quantity, rounded once (R27). It is due the
-- plan's net days after it is issued (R35), or at once where it is charged. The source key is the subscription and the
-- period, so a period is invoiced once. `unused` is, by customer, the exact credit for a period that was shortened, at
-- most the whole charge, with its description and the invoices it comes from. An invoice of 0 is paid at once (R35).
-- Numbers run per customer: eight characters of the customer, then a sequence.
create or replace function subctl_internal.issue_invoices(
  p_customers text[], p_subscriptions uuid[], p_ids uuid[], p_period_starts timestamptz[],
  p_period_ends timestamptz[], p_as_of timestamptz, p_change text, p_unused jsonb default null) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_rows int;
begin
  with asked as (
    select t.*, s.plan_id, s.every, s.currency, s.price, s.quantity, pv.net_days, s.collection,
           greatest(0, round(s.price * s.quantity - coalesce((p_unused->t.customer_id->>'value')::numeric, 0),
                             subctl_internal.invoice_scale(s.currency, s.collection = 'charge'))) as total,
           'sub:' || s.id || ':' || subctl_internal.iso(t.period_start) as source_key,
           (select count(*) from subctl.invoices o where o.customer_id = t.customer_id)
             + row_number() over (partition by t.customer_id order by t.period_start) as sequence
      from unnest(p_customers, p_subscriptions, p_ids, p_period_starts, p_period_ends) t(customer_id, subscription_id,
          id, period_start, period_end)
      join subctl.subscriptions s on s.customer_id = t.customer_id and s.id = t.subscription_id
      join subctl.plan_versions pv on pv.plan_id = s.plan_id and pv.version = s.version
  ), issued as (
    insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, plan_id, every, status,
                                 currency, total, period_start, period_end, issued_at, due_at,
      collect_at, change_id)
    select a.customer_id, a.id, subctl_internal.invoice_number(a.customer_id, a.sequence), a.source_key,
           a.subscription_id, a.plan_id, a.every, 'open', a.currency,
           a.total, a.period_start, a.period_end, p_as_of,
           p_as_of + make_interval(hours => case a.collection when 'invoice' then 24 * a.net_days else 0 end),
           case a.collection when 'charge' then p_as_of end, p_change
      from asked a
    on conflict (customer_id, source_key) do nothing
    returning customer_id, id, subscription_id, period_start, period_end, total
  )
  insert into subctl.invoice_lines (customer_id, invoice_id, position, kind, description, quantity, unit_amount,
                                    amount, period_start, period_end, details)
  select i.customer_id, i.id, l.*, i.period_start,
         case l.kind when 'unused' then (p_unused->i.customer_id->>'ends')::timestamptz
           -- the charge is the whole price until a change shortens the period
           else case when i.period_end = s.current_period_end then coalesce(s.cut_from, i.period_end)
                else i.period_end end end,
         nullif(jsonb_strip_nulls(jsonb_build_object('exact',
                                                     case when x.exact <> x.amount then trim_scale(x.exact)::text end,
                                                     'lapsed', x.lapsed,
                                                     'credits', case l.kind when 'unused'
                                                                then p_unused->i.customer_id->'credits' end)), '{}')
    from issued i
    join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id
    join subctl.plans p on p.id = s.plan_id
   cross join lateral (select s.price * s.quantity as exact,
                       round(s.price * s.quantity, subctl_internal.invoice_scale(s.currency,
                                                                                 s.collection = 'charge')) as
                         whole, (p_unused->i.customer_id->>'value')::numeric as unused) a
   cross join lateral (
     select 1, 'plan', p.name || ' (' || s.every || ')', s.quantity, s.price, a.whole
     union all
     select 2, 'unused', p_unused->i.customer_id->>'words', 1, i.total - a.whole, i.total - a.whole
       where a.unused > 0) l(position, kind, description, quantity, unit_amount, amount)
   cross join lateral (
     select case l.kind when 'plan' then a.exact else -a.unused end as exact, l.amount,
            case when l.kind = 'unused' and a.unused > a.exact
            then trim_scale(round(a.unused - a.exact,
                                  subctl_internal.invoice_scale(s.currency, s.collection = 'charge')))::text end
                                    as lapsed) x;
  get diagnostics v_rows = row_count;
  perform subctl_internal.invoice_overage(array_agg(t.customer_id), array_agg(t.id), p_as_of, p_change)
    from unnest(p_customers, p_ids) t(customer_id, id) having count(*) > 0;
  perform subctl_internal.apply_discount_codes(p_customers, p_subscriptions, p_ids, p_as_of);
  update subctl.invoices i set status = 'paid', paid_at = p_as_of, collect_at = null
    from unnest(p_customers, p_ids) t(customer_id, id)
      where i.customer_id = t.customer_id and i.id = t.id and i.status = 'open' and i.total = 0;
  return v_rows;
end $$;
