-- Returns the numbers of the windows that follow the subscription (`p_personal`), or of those that follow the
-- calendar.
create or replace function subctl_internal.windows_of_kind(p_personal boolean) returns int[]
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return array(select w.id from subctl.meter_windows w where (w."window" ~ '^(period|term|every_)') = p_personal);
end $$;
