-- Brings catalog_state to the count of the sequence where that is ahead, as it is after a change of the catalog that was
-- undone. Whoever is changing the catalog holds the row: then nothing is done, for rules that are made meanwhile are made
-- from the catalog before that change.
create or replace function subctl.heal_catalog_generation() returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform 1 from subctl.catalog_state for update skip locked;
  if found then
    update subctl.catalog_state c set generation = pg_sequence_last_value('subctl.catalog_generation');
  end if;
end $$;
