-- Releases the key of a refused use: a refusal consumes no key (R15).
create or replace function subctl_internal.release_usage_key(p_customer text, p_key text, p_event_id uuid) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  delete from subctl.usage_keys k
   where k.customer_id = p_customer and k.key = p_key and k.event_id = p_event_id;
end $$;
