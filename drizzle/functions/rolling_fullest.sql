-- The fullest of the windows of a rolling limit that a use at `at` falls into (R7): those that end in [at, at + span), and before `until`, from
-- where all counts anew. `used` is what is in it since `since`, `held` what reservations that live at `holds_at` hold in it (of `session` and
-- member where they are given), and it ends at `ends_at`.
create or replace function subctl.rolling_fullest(
  customer text, meter text, subject text, session text, at timestamptz, span interval, since timestamptz, until timestamptz, holds_at timestamptz,
  out used numeric, out held numeric, out ends_at timestamptz)
language sql stable as $$
  with reach as (
    select greatest($5 - $6 + interval '1 microsecond', $7) as from_at, least($5 + $6, $8) as to_at
  ), steps as (
    select x.at, x.amount as used, 0::numeric as held from reach r cross join lateral subctl.rolling_steps($1, $2, $3, r.from_at, r.to_at) x
    union all
    select h.at, 0, h.amount from reach r
     cross join lateral subctl.live_holds($1, $2, nullif($3, ''), $4, r.from_at, r.to_at, $9) h where $9 is not null
    union all
    select $5, 0, 0
  ), windows as (
    select s.at, sum(s.used) over w as used, sum(s.held) over w as held
      from steps s
    window w as (order by s.at range between $6 - interval '1 microsecond' preceding and current row)
  )
  select w.used, w.held, w.at from windows w where w.at >= $5 order by w.used + w.held desc, w.at limit 1
$$;
