-- Records a batch of up to 1,000 uses, an array of the arguments of record_usage by name, and answers each in its place. A refusal stops
-- nobody. What cannot be a use (an unknown kind, a key that names another use) is answered with `allowed` null and an `error`.
-- The customers first, in one order, then the keys, so that batches and single calls never wait for one another in a ring.
create or replace function subctl.record_usage_many(events jsonb, as_of timestamptz default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_now timestamptz;
  v_fresh bigint[];
  v_customers text[];
  v_answers text[];
  v_odd boolean;
begin
  if jsonb_typeof($1) is distinct from 'array' or jsonb_array_length($1) > 1000 then
    raise exception 'The events must be a JSON array of at most 1000 uses' using errcode = 'SB002', hint = 'Send more in several batches, 100 is a good size';
  end if;
  begin
    v_odd := exists (select from subctl.usage_batch($1) x where not isfinite(x.at) or length(x.key) > 500);
  exception when data_exception then
    v_odd := true;
  end;
  if v_odd then return subctl.record_readable($1, $2); end if;
  select array_agg(distinct x.customer order by x.customer) into v_customers from subctl.usage_batch($1) x where x.customer is not null;
  perform subctl.lock_customers(v_customers);
  v_now := coalesce($2, clock_timestamp());   -- what was recorded while we waited happened before
  with keyed as materialized (
    select f.n, f.customer, f.key, coalesce(f.at, v_now) as at, subctl.uuid7(coalesce(f.at, v_now)) as id, f.content
      from (select distinct on (x.customer, x.key) x.n, x.customer, x.key, x.at, x.content
              from subctl.usage_batch($1) x where x.key is not null and x.customer is not null order by x.customer, x.key, x.n) f
  ), claimed as (
    insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
    select k.customer, k.key, k.at, k.id, k.content from keyed k order by k.customer, k.key
    on conflict do nothing
    returning event_id
  )
  select coalesce(array_agg(k.n), '{}') into v_fresh from claimed c join keyed k on k.id = c.event_id;

  -- nearly always no event is an error: a subtransaction for each is begun only where one is
  begin
    v_answers := subctl.record_batch($1, v_fresh, v_now, false);
  exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
    v_answers := subctl.record_batch($1, v_fresh, v_now, true);
  end;
  return ('[' || coalesce(array_to_string(v_answers, ','), '') || ']')::jsonb;
end $$;
