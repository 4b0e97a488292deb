-- Gives a use with tokens but no provider and model those of the settings default_provider and default_model, where
-- both are set. Cost, tier, allowed models and the event then use that default.
create or replace function subctl_internal.with_default_model(request subctl.usage_request) returns subctl.usage_request
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  given subctl.usage_request := request;
  default_provider text := subctl_internal.setting('default_provider');
  default_model text := subctl_internal.setting('default_model');
begin
  if default_provider is not null and default_model is not null then
    given.provider := default_provider;
    given.model := default_model;
  end if;
  return given;
end $$;
