-- Returns one limit as an answer shows it: numbers as strings, times in UTC, no percentage without a limit (R11).
create or replace function subctl_internal.limit_json(
  meter text, win text, scope text, used numeric, lim numeric, window_start timestamptz, resets_at timestamptz)
returns jsonb
language sql stable parallel safe as $$
  select jsonb_build_object(
    'meter', meter, 'window', win, 'scope', scope, 'used', trim_scale(used)::text, 'limit', trim_scale(lim)::text,
    'remaining', case when lim >= used then trim_scale(lim - used)::text when lim is not null then '0' end,
    'percent', case when lim > 0 then trim_scale(round(used * 100 / lim, 2))::text end,
    'window_start', subctl_internal.iso(window_start), 'resets_at', subctl_internal.iso(resets_at))
$$;
