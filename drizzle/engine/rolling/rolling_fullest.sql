-- Returns the fullest window of a rolling limit that a use at p_at falls into (R7): those that end in [p_at, p_at +
-- p_span) and before p_until. `used` is its usage since p_since; `held` is what reservations that live at p_holds_at
-- hold in it (of p_session and member if given). `ends_at` is its end.
create or replace function subctl_internal.rolling_fullest(
  p_customer text, p_meter text, p_subject text, p_session text, p_at timestamptz, p_span interval, p_since timestamptz,
  p_until timestamptz, p_holds_at timestamptz, out used numeric, out held numeric, out ends_at timestamptz)
language sql stable as $$
  with reach as (
    select greatest(p_at - p_span + interval '1 microsecond', p_since) as from_at,
           least(p_at + p_span, p_until) as to_at
  ), steps as (
    select x.at, x.amount as used, 0::numeric as held from reach r
     cross join lateral subctl_internal.rolling_steps(p_customer, p_meter, p_subject, r.from_at, r.to_at) x
    union all
    select h.at, 0, h.amount from reach r
     cross join lateral subctl_internal.live_reservations(p_customer, p_meter, nullif(p_subject, ''), p_session,
                                                          r.from_at,
       r.to_at,
                                          p_holds_at) h where p_holds_at is not null
    union all
    select p_at, 0, 0
  ), windows as (
    select s.at, sum(s.used) over w as used, sum(s.held) over w as held
      from steps s
    window w as (order by s.at range between p_span - interval '1 microsecond' preceding and current row)
  )
  select w.used, w.held, w.at from windows w where w.at >= p_at order by w.used + w.held desc, w.at limit 1
$$;
