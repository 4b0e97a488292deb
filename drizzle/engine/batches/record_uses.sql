-- Implements record_usage_many and returns the text of a json, the cheapest form for the server. Locks all customers
-- first, in one order, so that batches and single calls never deadlock. `brief`: allowed uses need only the verdict.
create or replace function subctl_internal.record_uses(
  events jsonb, as_of timestamptz, brief boolean default false) returns text
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_requests subctl.usage_request[];
  v_customers text[];
  v_locked int;
  v_now timestamptz;
  v_answers text[];
  v_is_odd boolean;
begin
  if jsonb_typeof(events) is distinct from 'array' or jsonb_array_length(events) > 1000 then
    raise exception 'The events must be a JSON array of at most 1000 uses'
      using errcode = 'SB002', hint = 'Send more in several batches, 100 is a good size';
  end if;
  begin
    v_requests := subctl_internal.read_batch(events);
    select array_agg(distinct u.customer) filter (where u.customer is not null),
           bool_or(not isfinite(u.at) or length(u.key) > 500)
      into v_customers, v_is_odd
      from unnest(v_requests) u;
  exception when data_exception then
    v_is_odd := true;
  end;
  if v_is_odd then return subctl_internal.record_readable(events, as_of, brief); end if;
  if v_requests is null then return '[]'; end if;
  if subctl_internal.is_bound() then perform subctl_internal.check_bound(v_customers); end if;
  v_locked := subctl_internal.lock_totals(v_customers);
  if v_locked < cardinality(v_customers) then   -- a customer without a row may get it with rules
    perform subctl_internal.adopt_rules(v_requests, coalesce(as_of, clock_timestamp()),
                                        array_fill(null::text, array[cardinality(v_requests)]));
    select count(*) into v_locked from subctl.usage_totals t where t.customer_id = any (v_customers);
    if v_locked < cardinality(v_customers) then perform subctl_internal.lock_customers(v_customers); end if;
  end if;
  v_now := coalesce(as_of, clock_timestamp());   -- uses recorded while this waited happened before

  -- errors are rare: a subtransaction for each use is begun only where there is one
  begin
    v_answers := subctl_internal.record_batch(v_requests, v_now, false, brief);
  exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
    v_answers := subctl_internal.record_batch(v_requests, v_now, true, brief);
  end;
  return '[' || array_to_string(v_answers, ',') || ']';
end $$;
