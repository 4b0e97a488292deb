-- Refuses invalid tokens, costs and units (SB002). Cached tokens are part of the input tokens.
create or replace function subctl_internal.check_usage_amounts(request subctl.usage_request) returns void
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  input numeric := coalesce(request.input_tokens, 0);
  output numeric := coalesce(request.output_tokens, 0);
  cached numeric := coalesce(request.cached_tokens, 0);
  cost numeric := coalesce(request.cost, 0);
begin
  if not (input >= 0 and output >= 0 and cached >= 0 and cost >= 0 and input + output + cached + cost < 'Infinity') then
    raise exception 'Tokens and cost must be zero or more: %', concat_ws(', ', 'input ' || request.input_tokens,
      'output ' || request.output_tokens, 'cached ' || request.cached_tokens, 'cost ' || request.cost)
      using errcode = 'SB002';
  end if;
  if cached > input then
    raise exception 'Cached tokens (%) are part of the input tokens (%) and cannot be more', cached, input
      using errcode = 'SB002';
  end if;
  if request.units is not null and (jsonb_typeof(request.units) <> 'object' or exists (
       select 1 from jsonb_each(request.units) u
        where jsonb_typeof(u.value) not in ('number', 'string') or u.value #>> '{}' !~ E'^[0-9]+(\\.[0-9]+)?$')) then
    raise exception 'Units % are refused: give an object of numbers, zero or more, such as {"seconds": 12}',
      request.units using errcode = 'SB002';
  end if;
end $$;
