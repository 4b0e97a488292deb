-- Returns the value of a setting as text; null if it is not set.
create or replace function subctl_internal.setting(key text) returns text
language sql stable parallel safe as $$
  select s.value #>> '{}' from subctl.settings s where s.key = $1
$$;
