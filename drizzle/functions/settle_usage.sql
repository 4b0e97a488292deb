-- Records what a reservation was held for, at the reservation's time and with the true amounts (R18): it has happened, so beyond a limit it
-- is recorded as overage and says so (R12). What is not given is what was reserved; tokens count as given when any of them is. Exactly once:
-- settled again with the same arguments it gives the same answer, with others it is a conflict. A reservation that is over holds nothing any
-- more, and may still be settled.
create or replace function subctl.settle_usage(
  customer text, reservation uuid, quantity numeric default null, provider text default null, model text default null,
  input_tokens numeric default null, output_tokens numeric default null, cached_tokens numeric default null, units jsonb default null,
  cost numeric default null, status text default null, latency_ms int default null, endpoint text default null, metadata jsonb default null,
  as_of timestamptz default null, key text default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_id alias for $2;
  v_now timestamptz;
  v_given jsonb := jsonb_strip_nulls(jsonb_build_object(
    'quantity', $3, 'provider', $4, 'model', $5, 'input_tokens', $6, 'output_tokens', $7, 'cached_tokens', $8, 'units', $9, 'cost', $10, 'status', $11,
    'latency_ms', $12, 'endpoint', substring($13 from '^[^?#]*'), 'metadata', $14, 'key', $16));
  v_tokens boolean := coalesce($6, $7, $8) is not null;
  v_amounts boolean := coalesce($3, $6, $7, $8, $10) is not null or coalesce($4, $5) is not null or $9 is not null;
  v_answer jsonb;
  a jsonb;
  r subctl.reservations%rowtype;
begin
  perform subctl.lock_customers(array[p_customer]);
  v_now := coalesce($15, clock_timestamp());
  select * into r from subctl.reservations x where x.customer_id = p_customer and x.id = p_id;
  if not found then
    raise exception 'There is no reservation % of customer %', p_id, p_customer using errcode = 'SB003', hint = format('subctl reservations list %s', p_customer);
  elsif r.status = 'settled' and r.settled is distinct from v_given then
    raise exception 'Reservation % of customer % was settled with other amounts', p_id, p_customer
      using errcode = 'SB008', hint = format('subctl usage explain %s %s', p_customer, r.event_id);
  elsif r.status = 'settled' then
    return subctl.usage_answer(p_customer, r.at, r.event_id)::jsonb || jsonb_build_object('reservation', p_id);
  elsif r.status = 'released' then
    raise exception 'Reservation % of customer % was released at %', p_id, p_customer, subctl.iso(r.ended_at)
      using errcode = 'SB008', hint = 'If the call was made all the same, record it with --already-spent';
  end if;
  a := r.asked;
  update subctl.reservations x set status = 'settled', ended_at = v_now, settled = v_given where x.customer_id = p_customer and x.id = p_id;
  perform subctl.mark_holds(p_customer);
  v_answer := subctl.apply_usage('record', p_customer, a->>'kind', r.at, v_now, coalesce($3, (r.held->>'quantity')::numeric, (a->>'quantity')::numeric),
    coalesce($4, a->>'provider'), coalesce($5, a->>'model'),
    case when v_tokens then $6 else (a->>'input_tokens')::numeric end, case when v_tokens then $7 else (a->>'output_tokens')::numeric end,
    case when v_tokens then $8 else (a->>'cached_tokens')::numeric end, coalesce($9, a->'units'),
    case when v_amounts then $10 else (a->>'cost')::numeric end, a->>'member', a->>'session', $11, $12, coalesce($13, a->>'endpoint'), $16,
    true, false, coalesce($14, a->'metadata'));
  if not (v_answer->>'allowed')::boolean then
    -- nothing was recorded: it stays as it was
    update subctl.reservations x set status = r.status, ended_at = r.ended_at, settled = null where x.customer_id = p_customer and x.id = p_id;
    perform subctl.mark_holds(p_customer);
  else
    update subctl.reservations x set event_id = (v_answer->>'event_id')::uuid where x.customer_id = p_customer and x.id = p_id;
  end if;
  return v_answer || jsonb_build_object('reservation', p_id);
end $$;
