-- Sets catalog_state to the value of its sequence if the sequence is ahead, as it is after a rolled-back change of the
-- catalog. Does nothing while a transaction that changes the catalog holds the row, because rules made meanwhile are
-- those from before the change.
create or replace function subctl_internal.heal_catalog_generation() returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform 1 from subctl.catalog_state for update skip locked;
  if found then
    update subctl.catalog_state c set generation = pg_sequence_last_value('subctl.catalog_generation');
  end if;
end $$;
