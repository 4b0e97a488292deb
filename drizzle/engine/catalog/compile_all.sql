-- Compiles every version of every plan. Call it after meters, kinds or the credit costs of all plans change.
create or replace function subctl_internal.compile_all() returns void
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform subctl_internal.compile_plan(v.plan_id, v.version) from subctl.plan_versions v order by v.plan_id, v.version;
end $$;
