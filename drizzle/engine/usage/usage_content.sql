-- Returns the digest of the arguments that a request's idempotency key stands for (R15). Numbers compare by value,
-- JSON by content. A plain use and one with a price have their own forms (plain_usage_content, priced_usage_content):
-- their texts begin with a digit and with a colon, and never equal the others, which begin with a parenthesis.
create or replace function subctl_internal.usage_content(request subctl.usage_request) returns uuid
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if num_nonnulls(request.units, request.cost, request.member, request.status, request.endpoint, request.metadata) > 0
     or request.already_spent or request.partial then
    return md5(row(
      request.kind, extract(epoch from request.at), trim_scale(request.quantity), request.provider, request.model,
      trim_scale(request.input_tokens), trim_scale(request.output_tokens), trim_scale(request.cached_tokens),
      request.units, trim_scale(request.cost), request.member, request.session, request.status, request.latency_ms,
      request.endpoint, request.already_spent, request.partial, request.metadata)::text)::uuid;
  elsif num_nonnulls(request.provider, request.model, request.input_tokens, request.output_tokens,
                     request.cached_tokens, request.session, request.latency_ms) > 0 then
    return subctl_internal.priced_usage_content(
      request.kind, request.at, request.quantity, request.provider, request.model, request.input_tokens,
      request.output_tokens, request.cached_tokens, request.session, request.latency_ms);
  end if;
  return subctl_internal.plain_usage_content(request.kind, request.at, request.quantity);
end $$;
