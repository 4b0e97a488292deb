-- Ends the life of every customer's rules when the catalog changes that they were made from: compiled plans, models,
-- prices, which plan is the default, what is done with uses without a price, and whose model a use is that names none.
-- A sequence counts the changes, and rules of an earlier count are not followed from this moment on, before the change
-- is committed. catalog_state has the count that others can see: rules are made with it, so those that are made from
-- the old catalog meanwhile are not followed either. The row is locked before the count goes on.
create or replace function subctl.end_catalog_rules() returns trigger
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform 1 from subctl.catalog_state for update;
  update subctl.catalog_state c set generation = nextval('subctl.catalog_generation');
  return null;
end $$;

create or replace trigger end_catalog_rules after insert or update or delete on subctl.plan_rules
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.plans
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.models
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.price_cards
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.price_fallbacks
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update on subctl.settings
  for each row when (new.key in ('unpriced_uses', 'default_provider', 'default_model'))
  execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules_on_removal after delete on subctl.settings
  for each row when (old.key in ('unpriced_uses', 'default_provider', 'default_model'))
  execute function subctl.end_catalog_rules();
