-- Refuses an invalid request (SB002): amounts below zero or infinite, invalid units, an instant outside the calendar,
-- texts that are too long, and secrets in any text, which would be stored with the use for years. Returns the request
-- as it is stored: without what follows the path of its endpoint, which may be a key.
create or replace function subctl_internal.check_usage_request(
  request subctl.usage_request) returns subctl.usage_request
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if request.metadata is not null then
    if length(request.metadata::text) > 65536 then
      raise exception 'The metadata has % characters: at most 65536', length(request.metadata::text)
        using errcode = 'SB002';
    end if;
    if subctl_internal.secret_in(request.metadata::text) is not null then
      raise exception 'The metadata contains %, which is refused: it would be stored with the use',
        subctl_internal.secret_in(request.metadata::text)
        using errcode = 'SB002', hint = 'Omit it, or send only its last four characters';
    end if;
  end if;
  if request.endpoint ~ '[?#]' then request.endpoint := substring(request.endpoint from '^[^?#]*'); end if;
  if num_nonnulls(request.endpoint, request.session, request.model, request.member, request.key, request.status,
                  request.provider, request.units) > 0
     and concat_ws(' ', request.endpoint, request.session, request.model, request.member, request.key, request.status,
                   request.provider, request.units) ~ subctl_internal.secret_signs() then
    perform subctl_internal.refuse_secrets(jsonb_build_object(
      'endpoint', request.endpoint, 'session', request.session, 'model', request.model, 'member', request.member,
      'key', request.key, 'status', request.status, 'provider', request.provider, 'units', request.units::text));
  end if;
  if not (request.quantity >= 0 and request.quantity < 'Infinity') then
    raise exception 'Quantity % is refused: it must be zero or more', request.quantity using errcode = 'SB002';
  end if;
  if num_nonnulls(request.units, request.cached_tokens, request.input_tokens, request.output_tokens,
                  request.cost) > 0 then
    perform subctl_internal.check_usage_amounts(request);
  end if;
  if not isfinite(request.at) then
    raise exception 'The at % is not a valid time', request.at using errcode = 'SB002';
  end if;
  if length(request.key) > 500 then
    raise exception 'The key has % characters: at most 500', length(request.key) using errcode = 'SB002';
  end if;
  return request;
end $$;
