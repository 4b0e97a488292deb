-- The calendar window of a customer that contains `at`, in the zone that the customer has where it begins. The window under way when the
-- zone changes ends at the first boundary of the new zone at or after the end that it has in the zone in which it began (R4), and not before the
-- change: only the last zone counts, so that there and back changes nothing. Anchored kinds are for those who have no anchor of their own:
-- they are counted from the beginning of 2000.
create or replace function subctl.customer_window(customer text, kind text, at timestamptz, n int) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_since timestamptz;
  v_zone text;
  v_window tstzrange;
  v_before tstzrange;
  v_end timestamptz;
  z record;
begin
  select z.from_at, z.timezone into v_since, v_zone
    from subctl.customer_zones z where z.customer_id = $1 and z.from_at <= $3 order by z.from_at desc limit 1;
  v_zone := coalesce(v_zone, subctl.zone_of($1, $3));
  v_window := subctl.zone_window($2, $3, v_zone, $4);
  if isfinite(v_since) and lower(v_window) - v_since <= 10 * (upper(v_window) - lower(v_window)) then
    v_before := subctl.customer_window($1, $2, v_since - interval '1 microsecond', $4);
    if $3 < upper(v_before) then return v_before; end if;
    v_window := v_window * tstzrange(upper(v_before), null);   -- it begins where the one before ended
  end if;
  v_end := upper(v_window);
  for z in select x.from_at, coalesce(x.timezone, subctl.setting('timezone'), 'UTC') as timezone
             from subctl.customer_zones x where x.customer_id = $1 and x.from_at > $3 and isfinite(upper(v_window)) order by x.from_at
  loop
    exit when z.from_at > v_end;
    v_before := subctl.zone_window($2, upper(v_window), z.timezone, $4);
    v_end := greatest(case when lower(v_before) < upper(v_window) then upper(v_before) else upper(v_window) end, z.from_at);
  end loop;
  return tstzrange(lower(v_window), v_end);
end $$;
