-- Returns the use with which a reservation is settled, at the reservation's time: `given` has the caller's amounts,
-- the others are the reserved ones. Tokens count as given when any of them is; a reserved cost applies only where no
-- amount, model or unit is given.
create or replace function subctl_internal.settled_request(reserved subctl.reservations, given subctl.usage_request)
returns subctl.usage_request
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  asked subctl.usage_request := jsonb_populate_record(null::subctl.usage_request, reserved.asked - 'partial' - 'hold');
begin
  if num_nonnulls(given.quantity, given.input_tokens, given.output_tokens, given.cached_tokens, given.cost,
                  given.provider, given.model, given.units) = 0 then
    given.cost := asked.cost;
  end if;
  if num_nonnulls(given.input_tokens, given.output_tokens, given.cached_tokens) = 0 then
    given.input_tokens := asked.input_tokens;
    given.output_tokens := asked.output_tokens;
    given.cached_tokens := asked.cached_tokens;
  end if;
  given.kind := asked.kind;
  given.at := reserved.at;
  given.quantity := coalesce(given.quantity, (reserved.held->>'quantity')::numeric, asked.quantity, 1);
  given.provider := coalesce(given.provider, asked.provider);
  given.model := coalesce(given.model, asked.model);
  given.units := coalesce(given.units, asked.units);
  given.member := asked.member;
  given.session := asked.session;
  given.endpoint := coalesce(given.endpoint, asked.endpoint);
  given.metadata := coalesce(given.metadata, asked.metadata);
  return given;
end $$;
