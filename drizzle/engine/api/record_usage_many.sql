-- Records a batch of up to 1,000 uses, an array of the arguments of record_usage by name, and returns the answers in
-- order. A refusal does not stop the others. An invalid use (an unknown kind, a key of another use) is answered with
-- `allowed` null and an `error`. record_usage_many_json does the same at a lower cost.
create or replace function subctl.record_usage_many(events jsonb, as_of timestamptz default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl_internal.record_uses(events, as_of);
end $$;
