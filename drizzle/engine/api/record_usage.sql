-- Records one use if limits and credits allow it and returns what it did: named arguments, one jsonb (docs/usage.md).
-- `at` is when it happened (default now); `as_of` is the business clock. A refusal is an answer, not an error.
-- record_usage_json does the same at a lower cost.
create or replace function subctl.record_usage(
  customer text, kind text, at timestamptz default null, as_of timestamptz default null, quantity numeric default 1,
  provider text default null, model text default null, input_tokens numeric default null,
  output_tokens numeric default null, cached_tokens numeric default null, units jsonb default null,
  cost numeric default null, member text default null, session text default null, status text default null,
  latency_ms int default null, endpoint text default null, key text default null, already_spent boolean default false,
  partial boolean default false, metadata jsonb default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl.record_usage_json(customer, kind, at, as_of, quantity, provider, model, input_tokens, output_tokens,
    cached_tokens, units, cost, member, session, status, latency_ms, endpoint, key, already_spent, partial,
    metadata);
end $$;
