-- Lists what customers used beyond limits with a price in closed windows and what is not invoiced yet. Late
-- events count and add to what was billed of their window (R13). The limit is the one stored with the window; the
-- price is that of the plan at its end. `source_key` contains the first unit of the line, so that no unit is billed
-- twice.
create or replace function subctl_internal.overage_owed(customers text[])
returns table (customer_id text, meter_id text, win text, subject text, window_start timestamptz,
               window_end timestamptz, units numeric, price numeric, per numeric, source_key text)
language sql stable as $$
  select w.customer_id, w.meter_id, w."window", w.subject, w.window_start, w.window_end,
         w.used + w.adjusted - w.limit_value - b.billed, l.overage_price, l.overage_per,
         k.key || b.billed
    from subctl.window_usage w
   cross join lateral subctl_internal.effective_subscription(w.customer_id, w.window_end - interval '1 microsecond') e
    join subctl.plan_limits l on l.plan_id = e.plan_id and l.version = e.version and l.meter_id = w.meter_id
     and l."window" = w."window" and l.scope = w.scope
                             and l.enforcement = 'overage'
   cross join lateral (
     select 'overage:' || w.meter_id || ':' || w."window" || ':' || w.scope || ':' || w.subject || ':'
            || subctl_internal.iso(w.window_start) || ':' as key) k
   cross join lateral (
     select trim_scale(coalesce(sum(y.units), 0)) as billed from (
       select x.quantity as units from subctl.invoice_lines x
        where x.customer_id = w.customer_id and x.source_key >= k.key and x.source_key < k.key || 'z'
          and starts_with(x.source_key, k.key)
       union all   -- reported to Stripe
       select x.units from subctl.stripe_overages x
        where x.customer_id = w.customer_id and x.source_key >= k.key and x.source_key < k.key || 'z'
          and starts_with(x.source_key, k.key)) y) b
   where w.customer_id = any ($1) and w.closed_at is not null and w.used + w.adjusted - b.billed > w.limit_value
$$;
