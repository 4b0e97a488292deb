-- Explains the window of one limit (`lim`, as limit_json writes it): its uses since `counts_from`, the reservations,
-- its refusals, the reset with which it began, and later changes. `hours` is the length of a rolling window, which
-- ends with the use itself (R7), null for others. `times` are that of the use, and now. `read` are the rows that were
-- read.
create or replace function subctl_internal.explain_window(
  customer text, lim jsonb, subject text, counts_from timestamptz, hours int, times timestamptz[]) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  meter text := lim->>'meter';
  win text := lim->>'window';
  begins timestamptz := coalesce((lim->>'window_start')::timestamptz, '-infinity');
  ends timestamptz := coalesce((lim->>'resets_at')::timestamptz, 'infinity');
  until timestamptz := least(ends, greatest(times[1], times[2]) + interval '1 microsecond');
  is_rolling boolean := hours is not null;
  member text := case when lim->>'scope' = 'member' then subject end;
  uses record;
  holds record;
  written record;
  reset record;
  looked_at jsonb;
begin
  if is_rolling then
    ends := begins + make_interval(hours => hours) + interval '1 microsecond';
    until := ends;
  end if;
  select count(*) as total, min(x.at) as first_at, max(x.at) as last_at into uses
    from subctl_internal.metered_events(customer, meter, member, counts_from, until) x
   where x.amount <> 0;
  select coalesce(sum(x.amount), 0) as amount,
         coalesce(jsonb_agg(jsonb_build_object(
           'reservation', x.id, 'amount', trim_scale(x.amount)::text, 'expires_at', subctl_internal.iso(x.expires_at))
           order by x.expires_at), '[]') as list
    into holds
    from subctl_internal.live_reservations(customer, meter, member, null, counts_from, ends, times[2]) x;
  select w.used, w.adjusted, w.refused, w.limit_value, w.closed_at into written
    from subctl.window_usage w
   where w.customer_id = customer and w.meter_id = meter and w."window" = win and w.scope = lim->>'scope'
     and w.subject = explain_window.subject and w.window_start = case when is_rolling then '-infinity' else begins end;
  select r.at, r.cause, r.reason into reset
    from subctl.usage_resets r
   where r.customer_id = customer and r.at = case when is_rolling then counts_from else begins end;
  looked_at := jsonb_build_array(format('%s %s %s %s',
    case when is_rolling then 'usage_rolling_totals' when written.closed_at is null then 'customer_windows'
      else 'usage_counters' end,
    customer, meter, win));
  if reset.at is not null then
    looked_at := looked_at || to_jsonb(format('usage_resets %s %s', customer, subctl_internal.iso(reset.at)));
  end if;
  return jsonb_build_object(
    'uses', uses.total, 'first_use_at', subctl_internal.iso(uses.first_at),
    'last_use_at', subctl_internal.iso(uses.last_at),
    'refused', coalesce(written.refused, 0)::int, 'holds', holds.list, 'held', trim_scale(holds.amount)::text,
    'reset', case when reset.at is not null then jsonb_build_object(
      'at', subctl_internal.iso(reset.at), 'cause', reset.cause, 'reason', reset.reason) end,
    'now', case when not is_rolling and written.used is not null then jsonb_build_object(
      'used', trim_scale(written.used + written.adjusted)::text, 'adjusted', trim_scale(written.adjusted)::text,
      'closed_at', subctl_internal.iso(written.closed_at), 'limit', trim_scale(written.limit_value)::text) end,
    'read', looked_at);
end $$;
