-- Records usage beyond limits with a price that must be reported to Stripe, for a subscription that Stripe owns: each
-- window once, and late usage is added (R13). The setting stripe_overage selects the way; with `none` nothing is
-- recorded. The caller commits before it calls Stripe. Locks the customer.
create or replace function subctl_internal.queue_stripe_overage(
  customer text, as_of timestamptz, change text) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_way text := coalesce(subctl_internal.setting('stripe_overage'), 'invoice-items');
  v_currency text;
  v_rows int;
begin
  perform subctl_internal.lock_customers(array[$1]);
  select s.currency into v_currency from subctl.subscriptions s where s.customer_id = $1 and s.collection = 'stripe'
   order by s.started_at desc limit 1;
  if v_way = 'none' or v_currency is null then return 0; end if;
  perform subctl_internal.close_windows($2, array[$1], $3, true), subctl_internal.close_windows($2, array[$1], $3,
                                                                                                false);
  insert into subctl.stripe_overages (customer_id, source_key, way, description, meter_id, units, amount, currency,
                                      window_start, window_end, at, change_id)
  select $1, o.source_key, v_way,
         m.name || case when o.subject <> '' then ' (' || o.subject || ')'
                        else '' end || ' beyond the limit per ' || o.win || ': '
           || trim_scale(o.units), o.meter_id, o.units,
           round(o.units * o.price / o.per, subctl_internal.currency_scale(v_currency)), v_currency, o.window_start,
           o.window_end, $2, $3
    from subctl_internal.overage_owed(array[$1]) o
    join subctl.meters m on m.id = o.meter_id
  on conflict (customer_id, source_key) do nothing;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
