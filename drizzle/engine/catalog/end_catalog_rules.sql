-- Ends all cached rules when the catalog that they were made from changes: compiled plans, models, prices, the default
-- plan, the handling of uses without a price, and the default provider and model. A sequence counts the changes, and
-- rules of an earlier count are not followed from this moment on, before the change is committed. catalog_state has
-- the count that others can see: rules are stored with it, so that rules made meanwhile from the old catalog are not
-- followed either. The row is locked before the count is raised.
create or replace function subctl_internal.end_catalog_rules() returns trigger
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform 1 from subctl.catalog_state for update;
  update subctl.catalog_state c set generation = nextval('subctl.catalog_generation');
  return null;
end $$;

create or replace trigger end_catalog_rules after insert or update or delete on subctl.plan_rules
  for each statement execute function subctl_internal.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.plans
  for each statement execute function subctl_internal.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.models
  for each statement execute function subctl_internal.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.price_cards
  for each statement execute function subctl_internal.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.price_fallbacks
  for each statement execute function subctl_internal.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update on subctl.settings
  for each row when (new.key in ('unpriced_uses', 'default_provider', 'default_model'))
  execute function subctl_internal.end_catalog_rules();

create or replace trigger end_catalog_rules_on_removal after delete on subctl.settings
  for each row when (old.key in ('unpriced_uses', 'default_provider', 'default_model'))
  execute function subctl_internal.end_catalog_rules();
