-- Returns whether tz is an IANA zone that this server knows (R4). Fixed offsets, abbreviations and POSIX rules, which
-- PostgreSQL also accepts, contain a digit or no slash; UTC is the only name without a slash.
create or replace function subctl_internal.is_timezone(tz text) returns boolean
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if tz is null or tz !~ '^(UTC|[A-Z][A-Za-z_]*(/[A-Z][A-Za-z_-]*)+)$' then
    return false;
  end if;
  perform timestamptz '2000-01-01 00:00:00Z' at time zone tz;
  return true;
exception when invalid_parameter_value then
  return false;
end $$;
