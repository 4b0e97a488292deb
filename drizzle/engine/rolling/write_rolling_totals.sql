-- Writes the running totals of a use that follows cached rules with rolling windows (count_rolling). It is the latest
-- use, so each meter gets one mark, its total afterwards. `marked` names the meters, `rolled` has their totals,
-- `amounts` what the use requests. The caller holds the customer's row.
create or replace function subctl_internal.write_rolling_totals(
  p_customer text, p_at timestamptz, p_marked text[], p_rolled numeric[], p_amounts numeric[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.usage_rolling_totals (customer_id, meter_id, subject, at, cum)
  select p_customer, p_marked[p.place], '', p_at, p_rolled[p_marked[p.place + 1]::int]
    from generate_series(1, cardinality(p_marked), 3) p(place)
   where p_amounts[p_marked[p.place + 2]::int] > 0
  on conflict (customer_id, meter_id, subject, at) do update set cum = excluded.cum;
end $$;
