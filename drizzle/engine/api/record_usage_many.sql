-- Records a batch of up to 1,000 uses, an array of the arguments of record_usage by name, and answers each in its
-- place. A refusal stops none. What cannot be a use (an unknown kind, a key that names another use) is answered with
-- `allowed` null and an `error`. record_usage_many_json is the same and cheaper.
create or replace function subctl.record_usage_many(events jsonb, as_of timestamptz default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl.record_uses(events, as_of);
end $$;
