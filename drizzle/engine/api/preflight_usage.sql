-- Checks whether a list of uses fits as a whole, all or nothing: each is reserved in turn, so that earlier uses count
-- for later ones. `uses` is an array of the arguments of reserve_usage by name. Without `hold` everything is rolled
-- back and nothing is written; with it all of them stay reserved until they are settled, released or expired, under
-- `key`:1, `key`:2 … where a key is given. A list that does not fit writes nothing and names the first use that does
-- not fit. Locks the customer's row.
create or replace function subctl.preflight_usage(
  customer text, uses jsonb, as_of timestamptz default null, hold interval default null, key text default null)
returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  unread constant text[] := '{mode,customer,at,as_of,status,latency_ms,key,already_spent,partial}';
  at timestamptz;
  asked subctl.usage_request;
  use record;
  decided jsonb;
  answers jsonb := '[]';
  refused jsonb;
  refused_at int;
  reserved jsonb := '[]';
  meters jsonb;
  credits numeric;
  cost numeric := 0;
  unpriced boolean := false;
begin
  if jsonb_typeof(uses) is distinct from 'array' or jsonb_array_length(uses) not between 1 and 1000 then
    raise exception 'The uses must be a JSON array of 1 to 1000 uses'
      using errcode = 'SB002', hint = '[{"kind": "search", "quantity": 3}, {"kind": "llm", "quantity": 2}]';
  end if;
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(array[customer]); end if;
  perform subctl_internal.lock_customers(array[customer]);
  at := coalesce(as_of, date_trunc('milliseconds', clock_timestamp()));
  begin
    for use in select x.given, x.place from jsonb_array_elements(uses) with ordinality x(given, place) loop
      asked := jsonb_populate_record(null::subctl.usage_request, use.given - unread);
      decided := subctl.reserve_usage(
        customer, asked.kind, at, asked.quantity, asked.provider, asked.model, asked.input_tokens, asked.output_tokens,
        asked.cached_tokens, nullif(asked.units, 'null'), asked.cost, asked.member, asked.session, asked.endpoint,
        key || ':' || use.place, false, nullif(asked.metadata, 'null'), coalesce(hold, interval '15 minutes'));
      if decided->>'reason' in ('limit_reached', 'no_credits') then
        decided := subctl_internal.preflight_refusal(customer, at, decided, reserved, asked.member, asked.session);
      end if;
      answers := answers || case when hold is null then decided - 'reservation' - 'expires_at' else decided end;
      if not (decided->>'allowed')::boolean then
        refused_at := use.place;
        refused := decided;
        exit;
      end if;
      reserved := reserved || jsonb_build_array(decided->'reservation');
      cost := cost + coalesce((decided->>'cost')::numeric, 0);
      unpriced := unpriced or coalesce((decided->>'unpriced')::boolean, false);
    end loop;
    select jsonb_object_agg(m.meter, trim_scale(m.amount)::text) into meters
      from (select h.key as meter, sum(h.value::numeric) as amount
              from subctl.reservations r
             cross join lateral jsonb_each_text(r.held->'meters') h
             where r.customer_id = customer and reserved ? r.id::text
             group by h.key) m;
    select sum((r.held->>'credits')::numeric) into credits
      from subctl.reservations r where r.customer_id = customer and reserved ? r.id::text;
    if refused is not null or hold is null then raise exception 'rolled back' using errcode = 'SB900'; end if;
  exception when sqlstate 'SB900' then
    reserved := '[]';
  end;
  return jsonb_build_object(
    'allowed', refused is null, 'customer', customer, 'at', subctl_internal.iso(at), 'reason', refused->'reason',
    'message', refused->'message', 'refused_at', refused_at,
    'resets_at', coalesce(refused->'resets_at', refused->'credits'->'resets_at'), 'uses', answers,
    'totals', jsonb_build_object(
      'meters', coalesce(meters, '{}'), 'credits', trim_scale(coalesce(credits, 0))::text,
      'cost', trim_scale(cost)::text, 'unpriced', unpriced),
    'reservations', reserved, 'expires_at', case when reserved <> '[]' then subctl_internal.iso(at + hold) end);
end $$;
