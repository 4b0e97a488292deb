-- Records a batch of up to 1,000 uses as record_usage_many does, and returns a json (docs/usage.md).
create or replace function subctl.record_usage_many_json(events jsonb, as_of timestamptz default null) returns json
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl_internal.record_uses(events, as_of);
end $$;
