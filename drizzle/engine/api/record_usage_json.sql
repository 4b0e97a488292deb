-- Records one use if limits and credits allow it and returns what it did: named arguments, one json (docs/usage.md).
create or replace function subctl.record_usage_json(
  customer text, kind text, at timestamptz default null, as_of timestamptz default null, quantity numeric default 1,
  provider text default null, model text default null, input_tokens numeric default null,
  output_tokens numeric default null, cached_tokens numeric default null, units jsonb default null,
  cost numeric default null, member text default null, session text default null, status text default null,
  latency_ms int default null, endpoint text default null, key text default null, already_spent boolean default false,
  partial boolean default false, metadata jsonb default null) returns json
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if num_nonnulls(provider, model, input_tokens, output_tokens, cached_tokens, units, cost, member, session, status,
                  latency_ms, endpoint, metadata) = 0
     and already_spent is not true and partial is not true then
    return subctl.record_plain_use(customer, kind, at, as_of, quantity, key);
  end if;
  return subctl_internal.record_priced_use(row(
    'record', customer, kind, at, as_of, coalesce(quantity, 1), provider, model, input_tokens, output_tokens,
    cached_tokens, units, cost, member, session, status, latency_ms, endpoint, key, coalesce(already_spent, false),
    coalesce(partial, false), metadata));
end $$;
