-- Records a batch of up to 1,000 uses, an array of the arguments of record_usage by name, and answers each in its place. A refusal stops
-- nobody. What cannot be a use (an unknown kind, a key that names another use) is answered with `allowed` null and an `error`.
-- Keys first, then the customers in one order, so that batches and single calls never wait for one another in a ring.
create or replace function subctl.record_usage_many(events jsonb, as_of timestamptz default clock_timestamp()) returns jsonb
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_now timestamptz := coalesce($2, clock_timestamp());
  v_fresh uuid[];
  v_customers text[];
  v_answers text[];
  v_claimed boolean;
  v_state text;
  v_message text;
  v_hint text;
  e record;
begin
  if jsonb_typeof($1) is distinct from 'array' or jsonb_array_length($1) > 1000 then
    raise exception 'The events must be a JSON array of at most 1000 uses' using errcode = 'SB002', hint = 'Send more in several batches, 100 is a good size';
  end if;
  with claimed as (
    insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
    select f.customer, f.key, coalesce(f.at, v_now), subctl.uuid7(coalesce(f.at, v_now)), f.content
      from (select distinct on (x.customer, x.key) x.customer, x.key, x.at, x.content
              from subctl.usage_batch($1) x where x.key is not null and x.customer is not null order by x.customer, x.key, x.n) f
     order by f.customer, f.key
    on conflict do nothing
    returning event_id
  )
  select coalesce(array_agg(c.event_id), '{}') into v_fresh from claimed c;

  select array_agg(distinct x.customer order by x.customer) into v_customers from subctl.usage_batch($1) x where x.customer is not null;
  perform pg_advisory_xact_lock(7315, h.lock) from (select distinct hashtext(c) as lock from unnest(v_customers) c order by 1) h;
  perform subctl.lock_customers(v_customers);

  for e in select x.*, row_number() over (partition by x.customer, x.key order by x.n) as nth from subctl.usage_batch($1) x order by x.customer, x.n loop
    v_claimed := e.key is not null and e.nth = 1
      and exists (select 1 from subctl.usage_keys k where k.customer_id = e.customer and k.key = e.key and k.event_id = any (v_fresh));
    begin
      v_answers[e.n] := subctl.apply_usage(case when v_claimed then 'claimed' else 'record' end, e.customer, e.kind, e.at, v_now, e.quantity, e.provider,
        e.model, e.input_tokens, e.output_tokens, e.cached_tokens, e.units, e.cost, e.member, e.session, e.status, e.latency_ms, e.endpoint, e.key,
        e.already_spent, e.partial, e.metadata)::text;
    exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint;
      if v_claimed then delete from subctl.usage_keys k where k.customer_id = e.customer and k.key = e.key and k.event_id = any (v_fresh); end if;
      v_answers[e.n] := jsonb_build_object('allowed', null, 'reason', case v_state when 'SB008' then 'key_conflict' else 'invalid' end, 'message', v_message,
        'customer', e.customer, 'kind', e.kind, 'error', jsonb_build_object('code', case v_state when 'SB008' then 'conflict' else 'usage' end,
          'message', v_message, 'hint', nullif(v_hint, '')))::text;
    end;
  end loop;
  return ('[' || array_to_string(v_answers, ',') || ']')::jsonb;
end $$;
