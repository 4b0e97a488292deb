-- Ends the life of every customer's rules when the catalog changes that they were made from: compiled plans, models, and which plan is the
-- default. One row counts the changes; rules that were made from an earlier count are not followed.
create or replace function subctl.end_catalog_rules() returns trigger
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  update subctl.catalog_state c set generation = c.generation + 1;
  return null;
end $$;

create or replace trigger end_catalog_rules after insert or update or delete on subctl.plan_rules
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.plans
  for each statement execute function subctl.end_catalog_rules();

create or replace trigger end_catalog_rules after insert or update or delete on subctl.models
  for each statement execute function subctl.end_catalog_rules();
