-- One limit as it stands in an answer: numbers as strings, times UTC, no percentage without a limit (R11).
create or replace function subctl.limit_json(
  meter text, win text, scope text, used numeric, lim numeric, window_start timestamptz, resets_at timestamptz) returns jsonb
language sql stable parallel safe as $$
  select jsonb_build_object(
    'meter', $1, 'window', $2, 'scope', $3, 'used', trim_scale($4)::text, 'limit', trim_scale($5)::text,
    'remaining', case when $5 >= $4 then trim_scale($5 - $4)::text when $5 is not null then '0' end,
    'percent', case when $5 > 0 then trim_scale(round($4 * 100 / $5, 2))::text end,
    'window_start', subctl.iso($6), 'resets_at', subctl.iso($7))
$$;
