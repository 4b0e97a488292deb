-- Returns the calendar window of a customer that contains p_at, in the zone that applies where it begins. After a
-- change of zone the current window ends at the first boundary of the new zone that is not before its old end (R4) and
-- not before the change. Only the last zone counts, so changing there and back changes nothing. Anchored kinds are for
-- customers without an anchor of their own and count from the beginning of 2000.
create or replace function subctl_internal.customer_window(p_customer text, p_kind text, p_at timestamptz, p_count int)
returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_since timestamptz;
  v_zone text;
  v_window tstzrange;
  v_before tstzrange;
  v_end timestamptz;
  v_change record;
begin
  select z.from_at, z.timezone into v_since, v_zone
    from subctl.customer_zones z where z.customer_id = p_customer and z.from_at <= p_at order by z.from_at desc limit 1;
  v_zone := coalesce(v_zone, subctl_internal.zone_of(p_customer, p_at));
  v_window := subctl_internal.zone_window(p_kind, p_at, v_zone, p_count);
  if isfinite(v_since) and lower(v_window) - v_since <= 10 * (upper(v_window) - lower(v_window)) then
    v_before := subctl_internal.customer_window(p_customer, p_kind, v_since - interval '1 microsecond', p_count);
    if p_at < upper(v_before) then return v_before; end if;
    v_window := v_window * tstzrange(upper(v_before), null);   -- it begins at the end of the one before
  end if;
  v_end := upper(v_window);
  for v_change in
    select x.from_at, coalesce(x.timezone, subctl_internal.setting('timezone'), 'UTC') as timezone
      from subctl.customer_zones x
     where x.customer_id = p_customer and x.from_at > p_at and isfinite(upper(v_window)) order by x.from_at
  loop
    exit when v_change.from_at > v_end;
    v_before := subctl_internal.zone_window(p_kind, upper(v_window), v_change.timezone, p_count);
    v_end := greatest(case when lower(v_before) < upper(v_window) then upper(v_before) else upper(v_window) end,
                      v_change.from_at);
  end loop;
  return tstzrange(lower(v_window), v_end);
end $$;
