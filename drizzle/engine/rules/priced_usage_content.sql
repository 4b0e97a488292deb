-- Returns the digest of the arguments that a key stands for (R15), for a use with only a kind, a quantity, perhaps an
-- instant, and the fields of a model call. The texts are separated by the unit separator.
create or replace function subctl_internal.priced_usage_content(
  p_kind text, p_at timestamptz, p_quantity numeric, p_provider text, p_model text, p_input_tokens numeric,
  p_output_tokens numeric, p_cached_tokens numeric, p_session text, p_latency_ms int) returns uuid
language sql stable parallel safe as $$
  select md5(concat(
    ':', trim_scale(p_quantity), '|', extract(epoch from p_at), '|', trim_scale(p_input_tokens), '|',
    trim_scale(p_output_tokens), '|', trim_scale(p_cached_tokens), '|', p_latency_ms, '|', p_kind, E'\x1f', p_provider,
    E'\x1f', p_model, E'\x1f', p_session))::uuid
$$;
