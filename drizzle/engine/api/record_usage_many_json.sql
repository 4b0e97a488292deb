-- Records a batch of up to 1,000 uses, an array of the arguments of record_usage by name, and answers each in its place
-- (docs/usage.md): record_usage_many, as a json.
create or replace function subctl.record_usage_many_json(events jsonb, as_of timestamptz default null) returns json
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl.record_uses(events, as_of);
end $$;
