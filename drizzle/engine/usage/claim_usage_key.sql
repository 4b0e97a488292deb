-- Claims the key of a use for its event; a check only reads it. Returns whether it was free: a key stands for one use
-- permanently (R15). The caller holds the customer's row, so that the second of two uses with one key finds it
-- claimed.
create or replace function subctl_internal.claim_usage_key(
  request subctl.usage_request, event_at timestamptz, event_id uuid)
returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if request.mode in ('check', 'check_all') then
    return not exists (
      select 1 from subctl.usage_keys k where k.customer_id = request.customer and k.key = request.key);
  end if;
  insert into subctl.usage_keys (customer_id, key, event_at, event_id, content)
  values (request.customer, request.key, claim_usage_key.event_at, claim_usage_key.event_id,
          subctl_internal.usage_content(request))
  on conflict do nothing;
  return found;
end $$;
