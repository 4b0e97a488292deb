-- The cycle of credits, or of any interval, that contains `at` for what a customer stands on: counted from its anchor, and on the default
-- plan by the calendar of the customer's zone, whose changes move no cycle under way but to a later end (R4).
create or replace function subctl.cycle_at(customer text, basis text, anchor timestamptz, every text, at timestamptz, tz text) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v record;
begin
  if $2 <> 'default' then return subctl.period_at($3, $4, $5, $6); end if;
  v := subctl.interval_parts($4);
  return subctl.customer_window($1, 'anchored_' || v.unit, $5, v.n);
end $$;
