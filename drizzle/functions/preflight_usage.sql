-- Says whether a list of uses fits as a whole: each is held in turn, so that those before count for those after, and all or nothing is
-- allowed. `uses` is an array of the arguments of reserve_usage by name. Without `hold` everything is let go again and nothing is written;
-- with it all of them are held until they are settled, released or the time is over, under `key`:1, `key`:2 … where a key is given. A list that
-- does not fit writes nothing, and names the first that does not fit.
create or replace function subctl.preflight_usage(
  customer text, uses jsonb, as_of timestamptz default null, hold interval default null, key text default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_key alias for $5;
  v_now timestamptz;
  v_answer jsonb; v_answers jsonb := '[]'; v_refused jsonb; v_ids jsonb := '[]';
  v_meters jsonb; v_credits numeric; v_cost numeric := 0; v_unpriced boolean := false; v_refused_at int;
  u record;
begin
  if jsonb_typeof($2) is distinct from 'array' or jsonb_array_length($2) not between 1 and 1000 then
    raise exception 'The uses must be a JSON array of 1 to 1000 uses' using errcode = 'SB002', hint = '[{"kind": "search", "quantity": 3}, {"kind": "llm", "quantity": 2}]';
  end if;
  perform subctl.lock_customers(array[p_customer]);
  v_now := coalesce($3, date_trunc('milliseconds', clock_timestamp()));
  begin
    for u in select x.n, e.* from jsonb_array_elements($2) with ordinality x(use, n)
              cross join lateral jsonb_to_record(x.use) e(kind text, quantity numeric, provider text, model text, input_tokens numeric, output_tokens numeric,
                cached_tokens numeric, units jsonb, cost numeric, member text, session text, endpoint text, metadata jsonb)
              order by x.n loop
      v_answer := subctl.reserve_usage(p_customer, u.kind, v_now, u.quantity, u.provider, u.model, u.input_tokens, u.output_tokens, u.cached_tokens,
        nullif(u.units, 'null'), u.cost, u.member, u.session, u.endpoint, p_key || ':' || u.n, false, nullif(u.metadata, 'null'), coalesce($4, interval '15 minutes'));
      if v_answer->>'reason' in ('limit_reached', 'no_credits') then
        v_answer := subctl.preflight_refusal(p_customer, v_now, v_answer, v_ids, u.member, u.session);
      end if;
      v_answers := v_answers || case when $4 is null then v_answer - 'reservation' - 'expires_at' else v_answer end;
      if not (v_answer->>'allowed')::boolean then
        v_refused_at := u.n; v_refused := v_answer;
        exit;
      end if;
      v_ids := v_ids || jsonb_build_array(v_answer->'reservation');
      v_cost := v_cost + coalesce((v_answer->>'cost')::numeric, 0);
      v_unpriced := v_unpriced or coalesce((v_answer->>'unpriced')::boolean, false);
    end loop;
    select jsonb_object_agg(m.meter, trim_scale(m.amount)::text) into v_meters
      from (select h.key as meter, sum(h.value::numeric) as amount from subctl.reservations r cross join lateral jsonb_each_text(r.held->'meters') h
             where r.customer_id = p_customer and v_ids ? r.id::text group by h.key) m;
    select sum((r.held->>'credits')::numeric) into v_credits from subctl.reservations r where r.customer_id = p_customer and v_ids ? r.id::text;
    if v_refused is not null or $4 is null then raise exception 'let go' using errcode = 'SB900'; end if;
  exception when sqlstate 'SB900' then
    v_ids := '[]';
  end;
  return jsonb_build_object(
    'allowed', v_refused is null, 'customer', p_customer, 'at', subctl.iso(v_now), 'reason', v_refused->'reason', 'message', v_refused->'message',
    'refused_at', v_refused_at, 'resets_at', coalesce(v_refused->'resets_at', v_refused->'credits'->'resets_at'), 'uses', v_answers,
    'totals', jsonb_build_object('meters', coalesce(v_meters, '{}'), 'credits', trim_scale(coalesce(v_credits, 0))::text, 'cost', trim_scale(v_cost)::text, 'unpriced', v_unpriced),
    'reservations', v_ids, 'expires_at', case when v_ids <> '[]' then subctl.iso(v_now + $4) end);
end $$;
