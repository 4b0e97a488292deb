-- Returns how much live reservations hold of each of a customer's open windows (R16). `windows` has the form of
-- events: numbers, limits, starts and ends.
create or replace function subctl_internal.reserved_of_windows(
  p_customer text, p_meters text[], p_windows numeric[], p_now timestamptz) returns numeric[]
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_count int := cardinality(p_meters);
  v_held numeric[] := array_fill(0::numeric, array[v_count]);
  v_meters jsonb;
  v_at numeric;
begin
  for v_meters, v_at in
    select r.held->'meters', extract(epoch from r.at)
      from subctl.reservations r
     where r.customer_id = p_customer and r.status = 'held' and r.expires_at > p_now
  loop
    for i in 1 .. v_count loop
      if v_at >= p_windows[2 * v_count + i] and v_at < p_windows[3 * v_count + i] then
        v_held[i] := v_held[i] + coalesce((v_meters->>p_meters[i])::numeric, 0);
      end if;
    end loop;
  end loop;
  return v_held;
end $$;
