-- Returns the answer of the use that a key stands for (R15), where `content` shows that the arguments are the same.
-- Another use under that key is an error.
create or replace function subctl_internal.replay_usage(p_customer text, p_key text, p_content uuid) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_content uuid;
begin
  select k.event_at, k.event_id, k.content into v_at, v_id, v_content
    from subctl.usage_keys k where k.customer_id = p_customer and k.key = p_key;
  if v_content is distinct from p_content then
    raise exception 'Key % of customer % was used for another use', p_key, p_customer
      using errcode = 'SB008', hint = 'A key names one use permanently: use a new key, or send the same arguments';
  end if;
  return subctl_internal.usage_answer(p_customer, v_at, v_id);
end $$;
