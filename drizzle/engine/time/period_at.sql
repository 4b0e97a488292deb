-- Returns the anchored period [start, end) of interval p_every that contains p_at, on the wall clock of p_zone (R1 to
-- R4).
create or replace function subctl_internal.period_at(p_anchor timestamptz, p_every text, p_at timestamptz, p_zone text)
returns tstzrange
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_months int := case p_every when '1mo' then 1 when '1y' then 12 when '3mo' then 3 when '6mo' then 6 end;
  v_parts record;
begin
  if v_months is not null and p_anchor is not null then   -- the common case: nothing to parse
    return subctl_internal.anchored_bounds(p_anchor, v_months, 0, p_at, p_zone);
  end if;
  v_parts := subctl_internal.interval_parts(p_every);   -- an expression costs half of a select
  return subctl_internal.window_bounds('anchored_' || v_parts.unit, p_anchor, p_at, p_zone, v_parts.n);
end $$;
