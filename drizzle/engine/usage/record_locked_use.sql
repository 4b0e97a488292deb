-- Records one use of a batch by itself and returns the text of its answer. The caller has locked its customer.
create or replace function subctl_internal.record_locked_use(
  request subctl.usage_request, as_of timestamptz) returns text
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_request subctl.usage_request := request;
begin
  if not request.already_spent and not request.partial
     and num_nonnulls(request.provider, request.model, request.input_tokens, request.output_tokens,
                      request.cached_tokens, request.units, request.cost, request.member, request.session,
                      request.status, request.latency_ms, request.endpoint, request.metadata) = 0 then
    return subctl.record_plain_use(request.customer, request.kind, request.at, as_of, request.quantity, request.key);
  end if;
  v_request.mode := 'record';
  v_request.as_of := as_of;
  return subctl_internal.record_priced_use(v_request);
end $$;
