-- Marks a summed month of events, for every transaction that writes to its partition: a late use, a reversal, a new
-- price, a deletion. Partitions of months without sums do not have the trigger. One mark per transaction is enough.
-- seal_usage_month creates the trigger, with the first of the month as its argument.
create or replace function subctl_internal.mark_late_use() returns trigger
language plpgsql set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.usage_late_marks (month, transaction)
  values (tg_argv[0]::date, pg_current_xact_id()::text::bigint) on conflict do nothing;
  return null;
end $$;
