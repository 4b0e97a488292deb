-- The parts of an interval: 30d is 30 days, never a month; a week is 7 days and a year 12 months, so that unit is
-- 'day' or 'month'. From one to four digits without a leading zero.
create or replace function subctl.interval_parts(every text, out unit text, out n int)
language plpgsql immutable parallel safe as $$
declare
  v_parts text[] := regexp_match(every, '^([1-9][0-9]{0,3})(d|w|mo|y)$');
begin
  if v_parts is null then
    raise exception '% is not an interval', coalesce('"' || every || '"', 'null') using errcode = 'SB002',
      hint = 'Write a whole number from 1 to 9999 and d, w, mo or y: 30d, 2w, 1mo, 1y.';
  end if;
  unit := case when v_parts[2] in ('d', 'w') then 'day' else 'month' end;
  n := v_parts[1]::int * case v_parts[2] when 'w' then 7 when 'y' then 12 else 1 end;
end $$;
