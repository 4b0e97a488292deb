-- Records a batch of up to 1,000 uses, an array of the arguments of record_usage by name, and answers each in its place.
-- A refusal stops nobody. What cannot be a use (an unknown kind, a key that names another use) is answered with `allowed`
-- null and an `error`. All customers are locked first, in one order, so that batches and single calls never wait for one
-- another in a ring.
create or replace function subctl.record_usage_many(events jsonb, as_of timestamptz default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_now timestamptz;
  v_customers text[];
  v_answers text[];
  v_odd boolean;
begin
  if jsonb_typeof(events) is distinct from 'array' or jsonb_array_length(events) > 1000 then
    raise exception 'The events must be a JSON array of at most 1000 uses'
      using errcode = 'SB002', hint = 'Send more in several batches, 100 is a good size';
  end if;
  begin
    select array_agg(distinct x.customer order by x.customer) filter (where x.customer is not null),
           bool_or(not isfinite(x.at) or length(x.key) > 500)
      into v_customers, v_odd
      from subctl.usage_batch(events) x;
  exception when data_exception then
    v_odd := true;
  end;
  if v_odd then return subctl.record_readable(events, as_of); end if;
  perform subctl.lock_customers(v_customers);
  v_now := coalesce(as_of, clock_timestamp());   -- what was recorded while we waited happened before

  -- nearly always no event is an error: a subtransaction for each is begun only where one is
  begin
    v_answers := subctl.record_batch(events, v_now, false);
  exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
    v_answers := subctl.record_batch(events, v_now, true);
  end;
  return ('[' || coalesce(array_to_string(v_answers, ','), '') || ']')::jsonb;
end $$;
