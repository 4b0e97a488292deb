-- Records the use of a reservation, at the reservation's time and with the actual amounts (R18). It has already
-- happened, so beyond a limit it is recorded as overage and marked so (R12). Absent amounts are the reserved ones;
-- tokens count as given when any of them is. It is recorded once: settling again with the same arguments returns the
-- same answer, with others it is a conflict. An expired reservation holds nothing but may still be settled. Locks the
-- customer's row.
create or replace function subctl.settle_usage(
  customer text, reservation uuid, quantity numeric default null, provider text default null, model text default null,
  input_tokens numeric default null, output_tokens numeric default null, cached_tokens numeric default null,
  units jsonb default null, cost numeric default null, status text default null, latency_ms int default null,
  endpoint text default null, metadata jsonb default null, as_of timestamptz default null, key text default null)
returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  given jsonb := jsonb_strip_nulls(jsonb_build_object(
    'quantity', quantity, 'provider', provider, 'model', model, 'input_tokens', input_tokens,
    'output_tokens', output_tokens, 'cached_tokens', cached_tokens, 'units', units, 'cost', cost, 'status', status,
    'latency_ms', latency_ms, 'endpoint', substring(endpoint from '^[^?#]*'), 'metadata', metadata, 'key', key));
  reserved subctl.reservations;
  used subctl.usage_request;
  decided jsonb;
begin
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[customer]); end if;
  perform 1 from subctl.usage_totals t where t.customer_id = customer for no key update;
  if not found then perform subctl_internal.lock_customers(array[customer]); end if;
  select * into reserved from subctl.reservations r
   where r.customer_id = customer and r.id = reservation;
  if not found then
    raise exception 'There is no reservation % of customer %', reservation, customer
      using errcode = 'SB003', hint = format('subctl reservations list %s', customer);
  elsif reserved.status = 'settled' and reserved.settled is distinct from given then
    raise exception 'Reservation % of customer % was settled with other amounts', reservation, customer
      using errcode = 'SB008', hint = format('subctl usage explain %s %s', customer, reserved.event_id);
  elsif reserved.status = 'settled' then
    return subctl_internal.usage_answer(customer, reserved.at, reserved.event_id)::jsonb
      || jsonb_build_object('reservation', reservation);
  elsif reserved.status = 'released' then
    raise exception 'Reservation % of customer % was released at %', reservation, customer,
      subctl_internal.iso(reserved.ended_at)
      using errcode = 'SB008', hint = 'If the call was made anyway, record it with --already-spent';
  end if;
  used := subctl_internal.settled_request(reserved, row(
    'record', customer, null, null, coalesce(as_of, clock_timestamp()), quantity, provider, model, input_tokens,
    output_tokens, cached_tokens, units, cost, null, null, status, latency_ms, endpoint, key, true, false, metadata));
  decided := subctl_internal.record_priced_use(used)::jsonb;
  if (decided->>'allowed')::boolean then   -- else nothing was recorded and it stays unchanged
    update subctl.reservations r
       set status = 'settled', ended_at = used.as_of, settled = given, event_id = (decided->>'event_id')::uuid
     where r.customer_id = reserved.customer_id and r.id = reserved.id;
    perform subctl_internal.note_reservations(customer);
  end if;
  return decided || jsonb_build_object('reservation', reservation);
end $$;
