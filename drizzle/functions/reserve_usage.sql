-- Holds an amount while a call runs: decides as record_usage does and writes no use, but what is held counts as used in every window and
-- for every spender of credits until it is settled, released or `hold` is over. The answer is that of a use with `reservation` and
-- `expires_at` in place of the event. A key names one reservation for ever.
create or replace function subctl.reserve_usage(
  customer text, kind text, as_of timestamptz default null, quantity numeric default 1, provider text default null,
  model text default null, input_tokens numeric default null, output_tokens numeric default null, cached_tokens numeric default null,
  units jsonb default null, cost numeric default null, member text default null, session text default null, endpoint text default null,
  key text default null, partial boolean default false, metadata jsonb default null, hold interval default interval '15 minutes') returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_kind alias for $2; p_key alias for $15; p_hold alias for $18;
  v_now timestamptz;
  v_asked jsonb;
  v_answer jsonb;
  v_holds jsonb;
  v_id uuid;
  k record;
begin
  if p_hold is null or not (p_hold > interval '0' and p_hold <= interval '168 hours') then
    raise exception 'A hold of % is refused: it lasts for more than nothing and at most 7 days', p_hold using errcode = 'SB002';
  end if;
  v_asked := jsonb_strip_nulls(jsonb_build_object(
    'kind', p_kind, 'quantity', coalesce($4, 1), 'provider', $5, 'model', $6, 'input_tokens', $7, 'output_tokens', $8, 'cached_tokens', $9, 'units', $10,
    'cost', $11, 'member', $12, 'session', $13, 'endpoint', substring($14 from '^[^?#]*'), 'partial', coalesce($16, false), 'metadata', $17, 'hold', p_hold::text));
  -- the same queue as whoever records: two of one key, or two for the last of a limit, come one after the other
  perform subctl.lock_customers(array[p_customer]);
  v_now := coalesce($3, date_trunc('milliseconds', clock_timestamp()));   -- whole ones, so that the answer's `at` is the reservation's own
  if p_key is not null then
    select r.asked, r.answer into k from subctl.reservations r where r.customer_id = p_customer and r.key = p_key;
    if found then
      if k.asked is distinct from v_asked then
        raise exception 'Key % of customer % was used for another reservation', p_key, p_customer
          using errcode = 'SB008', hint = 'A key names one reservation for ever: take a new key, or send the same arguments';
      end if;
      return k.answer || '{"replayed": true}';
    end if;
  end if;
  v_answer := subctl.apply_usage('reserve', p_customer, p_kind, null, v_now, coalesce($4, 1), $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, $14, null,
                                 false, coalesce($16, false), $17);
  if not (v_answer->>'allowed')::boolean then return v_answer; end if;
  v_id := subctl.uuid7(v_now);
  v_holds := v_answer->'holds';
  v_answer := (v_answer - 'holds') || jsonb_build_object('reservation', v_id, 'expires_at', subctl.iso(v_now + p_hold), 'estimated', v_holds->'estimated');
  insert into subctl.reservations (customer_id, id, at, expires_at, asked, held, key, answer)
  values (p_customer, v_id, v_now, v_now + p_hold, v_asked, v_holds, p_key, v_answer);
  update subctl.usage_state s set held_until = greatest(s.held_until, v_now + p_hold) where s.customer_id = p_customer;
  return v_answer;
end $$;
