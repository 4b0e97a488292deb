-- Returns the end of the period of months that starts at p_start: what period_at returns, as a query that is inlined
-- into its caller (a fifth of the cost). Returns no row where period_at must decide: intervals of days, an instant that
-- is not the start of a period, and clock changes within 25 hours before the start or the end (R1 to R4, R9).
create or replace function subctl_internal.months_period_end(p_anchor timestamptz, p_every text, p_start timestamptz,
  p_zone text)
returns table (ends timestamptz)
language sql immutable parallel safe as $$
  select e.ends
    from (select p_start at time zone p_zone as first, p_anchor at time zone p_zone as anchor,
                 case p_every when '1mo' then 1 when '3mo' then 3 when '6mo' then 6 when '1y' then 12 end as months
          offset 0) a
   cross join lateral (
     select ((date_part('year', a.first) - date_part('year', a.anchor)) * 12
             + date_part('month', a.first) - date_part('month', a.anchor))::int as gone offset 0) g
   cross join lateral (select a.anchor + make_interval(months => g.gone + a.months) as last offset 0) l
   cross join lateral (select l.last at time zone p_zone as ends offset 0) e
   where g.gone % a.months = 0 and a.anchor + make_interval(months => g.gone) = a.first
     and a.first at time zone p_zone = p_start
     and p_start - (a.first - interval '25 hours') at time zone p_zone = interval '25 hours'
     and e.ends - (l.last - interval '25 hours') at time zone p_zone = interval '25 hours'
$$;
