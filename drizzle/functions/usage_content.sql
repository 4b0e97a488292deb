-- Returns the digest of the arguments that an idempotency key stands for (R15). Numbers compare by value, JSON by
-- content. A plain use and one with a price have digests of their own forms (plain_usage_content,
-- priced_usage_content): their texts begin with a digit and with a colon, and match no other, which begins with a
-- parenthesis.
create or replace function subctl.usage_content(
  p_kind text, p_at timestamptz, p_quantity numeric, p_provider text, p_model text, p_input_tokens numeric,
  p_output_tokens numeric, p_cached_tokens numeric, p_units jsonb, p_cost numeric, p_member text, p_session text,
  p_status text, p_latency_ms int, p_endpoint text, p_already_spent boolean, p_partial boolean, p_metadata jsonb)
returns uuid
language sql stable parallel safe as $$
  select case
    when num_nonnulls(p_units, p_cost, p_member, p_status, p_endpoint, p_metadata) > 0
         or p_already_spent or p_partial then
      md5(row(p_kind, extract(epoch from p_at), trim_scale(p_quantity), p_provider, p_model, trim_scale(p_input_tokens),
              trim_scale(p_output_tokens), trim_scale(p_cached_tokens), p_units, trim_scale(p_cost), p_member,
              p_session, p_status, p_latency_ms, p_endpoint, p_already_spent, p_partial, p_metadata)::text)::uuid
    when num_nonnulls(p_provider, p_model, p_input_tokens, p_output_tokens, p_cached_tokens, p_session,
                      p_latency_ms) > 0
    then subctl.priced_usage_content(p_kind, p_at, p_quantity, p_provider, p_model, p_input_tokens, p_output_tokens,
                                     p_cached_tokens, p_session, p_latency_ms)
    else subctl.plain_usage_content(p_kind, p_at, p_quantity) end
$$;
