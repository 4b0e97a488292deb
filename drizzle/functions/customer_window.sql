-- The calendar window of a customer that contains `at`, in the zone that the customer has then. The window under way when the zone
-- changed goes on to the first boundary of the new zone at or after its old end (R4), so that moving gives nobody a second day.
create or replace function subctl.customer_window(customer text, kind text, at timestamptz, n int) returns tstzrange
language plpgsql stable as $$
#variable_conflict use_column
declare
  v_since timestamptz;
  v_zone text;
  v_window tstzrange;
  v_before tstzrange;
  v_next tstzrange;
begin
  select z.from_at, z.timezone into v_since, v_zone
    from subctl.customer_zones z where z.customer_id = $1 and z.from_at <= $3 order by z.from_at desc limit 1;
  v_zone := coalesce(v_zone, subctl.zone_of($1, $3));
  v_window := subctl.window_bounds($2, null, $3, v_zone, $4);
  if v_since is null or not isfinite(v_since) or lower(v_window) - v_since > 2 * (upper(v_window) - lower(v_window)) then
    return v_window;
  end if;
  v_before := subctl.customer_window($1, $2, v_since - interval '1 microsecond', $4);
  v_next := subctl.window_bounds($2, null, upper(v_before), v_zone, $4);
  if lower(v_next) < upper(v_before) then v_before := tstzrange(lower(v_before), upper(v_next)); end if;
  return case when $3 < upper(v_before) then v_before else v_window end;
end $$;
