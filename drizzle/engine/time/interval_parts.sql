-- Splits an interval into unit and number. 30d is 30 days, never a month; a week is 7 days and a year 12 months, so
-- the unit is 'day' or 'month'. The number has no leading zero; the longest interval is a hundred years.
create or replace function subctl_internal.interval_parts(every text, out unit text, out n int)
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_parts text[] := regexp_match(every, '^([1-9][0-9]{0,4})(d|w|mo|y)$');
begin
  unit := case when v_parts[2] in ('d', 'w') then 'day' else 'month' end;
  n := v_parts[1]::int * case v_parts[2] when 'w' then 7 when 'y' then 12 else 1 end;
  if n is null then
    raise exception '% is not an interval', coalesce('"' || every || '"', 'null') using errcode = 'SB002',
      hint = 'Write a whole number and d, w, mo or y: 30d, 2w, 1mo, 1y.';
  end if;
  if n > (case unit when 'day' then 36500 else 1200 end) then
    raise exception 'The interval "%" is longer than a hundred years', every using errcode = 'SB002',
      hint = 'Write at most 36500d, 5200w, 1200mo or 100y.';
  end if;
end $$;
