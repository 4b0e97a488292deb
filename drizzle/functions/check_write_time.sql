-- Refuses to write as of an instant that is more than `write_years_ahead` years (10) after the machine's clock, or before 1970: a task or a
-- command would write periods without end, and a digit too many in a year is the likely cause (R9). Reads take any instant.
create or replace function subctl.check_write_time(as_of timestamptz) returns void
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_years int;
begin
  if $1 >= 'epoch' and $1 <= clock_timestamp() + interval '8760 hours' then return; end if;   -- nearly always: no setting is read
  v_years := coalesce(subctl.setting('write_years_ahead')::int, 10);
  if $1 < 'epoch' then
    raise exception 'Nothing is written as of %: the year % is before 1970', subctl.iso($1), extract(year from $1 at time zone 'UTC')
      using errcode = 'SB002', hint = 'Check the year; reads take any date';
  elsif $1 > clock_timestamp() + make_interval(hours => 8766 * v_years) then
    raise exception 'Nothing is written as of %: the year % is more than % years after the clock, %', subctl.iso($1),
      extract(year from $1 at time zone 'UTC'), v_years, subctl.iso(date_trunc('second', clock_timestamp()))
      using errcode = 'SB002', hint = 'Check the year; reads take any date. For more: subctl config set write_years_ahead ' || 2 * v_years;
  end if;
end $$;
