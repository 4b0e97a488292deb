-- Records one use if limits and credits allow it, and says what it did: named arguments, one json (docs/usage.md). It is
-- an expression of the caller's statement: where the statement is prepared, what is not given costs nothing. So it has
-- no search path of its own, and names the schema of everything. A use that has a kind and a quantity alone goes to
-- record_plain_use.
create or replace function subctl.record_usage_json(
  customer text, kind text, at timestamptz default null, as_of timestamptz default null, quantity numeric default 1,
  provider text default null, model text default null, input_tokens numeric default null,
  output_tokens numeric default null, cached_tokens numeric default null, units jsonb default null,
  cost numeric default null, member text default null, session text default null, status text default null,
  latency_ms int default null, endpoint text default null, key text default null, already_spent boolean default false,
  partial boolean default false, metadata jsonb default null) returns json
language sql volatile as $$
  select case
    when pg_catalog.num_nonnulls(provider, model, input_tokens, output_tokens, cached_tokens, units, cost, member,
           session, status, latency_ms, endpoint, metadata) operator(pg_catalog.=) 0
         and already_spent is not true and partial is not true and quantity operator(pg_catalog.>=) 0
         and (at is null
              or at operator(pg_catalog.>=) (coalesce(as_of, pg_catalog.clock_timestamp())
                                             operator(pg_catalog.-) interval '24 hours')
                 and at operator(pg_catalog.<=) (coalesce(as_of, pg_catalog.clock_timestamp())
                                                 operator(pg_catalog.+) interval '5 minutes')) then
      subctl.record_plain_use(customer, kind, at, as_of, quantity, key)::pg_catalog.json
    else
      subctl.apply_usage('record', customer, kind, at, as_of, coalesce(quantity, 1), provider, model, input_tokens,
        output_tokens, cached_tokens, units, cost, member, session, status, latency_ms, endpoint, key,
        coalesce(already_spent, false), coalesce(partial, false), metadata)::pg_catalog.json
  end
$$;
