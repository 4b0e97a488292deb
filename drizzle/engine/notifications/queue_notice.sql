-- Queues a notification for a customer, once per p_dedupe_key. Returns whether it is new.
create or replace function subctl_internal.queue_notice(
  p_customer text, p_kind text, p_dedupe_key text, p_payload jsonb, p_at timestamptz) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at, next_try_at)
  values (p_customer, subctl_internal.uuid7(p_at)::text, p_kind, p_dedupe_key, p_payload, p_at, p_at)
  on conflict do nothing;
  return found;
end $$;
