-- Puts a message for a customer into the outbox, once per `dedupe_key`; whoever delivers it comes later. Returns whether it is new.
create or replace function subctl.queue_notice(customer text, kind text, dedupe_key text, payload jsonb, at timestamptz) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.notifications (customer_id, id, kind, dedupe_key, payload, created_at, next_try_at)
  values ($1, subctl.uuid7($5)::text, $2, $3, $4, $5, $5)
  on conflict do nothing;
  return found;
end $$;
