-- Returns the instant in (earlier, later] at which the clock of zone tz took the offset that it has at `later`. Called
-- only if the two offsets differ. Clocks change on whole seconds, so the search halves the span down to one second.
create or replace function subctl_internal.clock_shift(
  earlier timestamptz, later timestamptz, tz text) returns timestamptz
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_old timestamptz := date_trunc('second', earlier);
  v_new timestamptz := date_trunc('second', later);
  v_offset interval := (later at time zone tz) - (later at time zone 'UTC');
  v_middle timestamptz;
begin
  while v_new - v_old > interval '1 second' loop
    v_middle := date_trunc('second', v_old + (v_new - v_old) / 2);
    if (v_middle at time zone tz) - (v_middle at time zone 'UTC') = v_offset then
      v_new := v_middle;
    else
      v_old := v_middle;
    end if;
  end loop;
  return v_new;
end $$;
