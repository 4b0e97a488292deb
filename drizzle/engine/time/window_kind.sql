-- Parses a limit's window, as a catalog or an option writes it, into the kind and number that window_bounds takes.
-- Runs once, when a plan is compiled. `period` is the subscription's interval `every`, or ('period', 0) if that is
-- unknown.
create or replace function subctl_internal.window_kind(win text, every text default null, out kind text, out n int)
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_days constant text[] := array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  v_rolling text[];
begin
  n := 0;
  if win in ('hour', 'day', 'month', 'year', 'term', 'lifetime', 'session', 'each') then
    kind := win;
  elsif win = 'week' then
    kind := 'week';
    n := 1;
  elsif win = 'period' and every is null then
    kind := 'period';
  elsif win = 'period' or win ~ '^every_[1-9][0-9]{0,4}(d|w|mo|y)$' then
    select 'anchored_' || p.unit, p.n into kind, n
      from subctl_internal.interval_parts(case when win = 'period' then every else substr(win, 7) end) p;
  elsif array_position(v_days, substr(win, 6)) is not null and win like E'week\\_%' then
    kind := 'week';
    n := array_position(v_days, substr(win, 6));
  else
    v_rolling := regexp_match(win, '^rolling_([1-9][0-9]{0,2})(h|d)$');
    kind := 'rolling_hour';
    n := v_rolling[1]::int * case v_rolling[2] when 'd' then 24 else 1 end;
    if n is null or n > 744 then
      raise exception '% is not a window', coalesce('"' || win || '"', 'null') using errcode = 'SB002',
        hint = 'Windows are hour, day, week (or week_sunday …), month, year, period, '
          || 'every_<interval> as in every_1mo or every_7d, '
          || 'rolling_<n>h or rolling_<n>d up to 31 days, term, lifetime, each, session.';
    end if;
  end if;
end $$;
