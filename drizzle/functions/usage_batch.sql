-- A batch of uses as rows: the arguments of record_usage by name.
create or replace function subctl.usage_batch(events jsonb)
returns table (n bigint, customer text, kind text, at timestamptz, quantity numeric, provider text, model text,
               input_tokens numeric, output_tokens numeric, cached_tokens numeric, units jsonb, cost numeric, member text,
               session text, status text, latency_ms int, endpoint text, key text, already_spent boolean,
               partial boolean, metadata jsonb)
language sql stable as $$
  select x.n, e.customer, e.kind, e.at, coalesce(e.quantity, 1), e.provider, e.model, e.input_tokens, e.output_tokens,
         e.cached_tokens, nullif(e.units, 'null'), e.cost, e.member, e.session, e.status, e.latency_ms, e.endpoint, e.key,
         coalesce(e.already_spent, false), coalesce(e.partial, false), nullif(e.metadata, 'null')
    from jsonb_array_elements($1) with ordinality x(event, n)
   cross join lateral jsonb_to_record(x.event) e(
     customer text, kind text, at timestamptz, quantity numeric, provider text, model text, input_tokens numeric,
     output_tokens numeric, cached_tokens numeric, units jsonb, cost numeric, member text, session text, status text,
     latency_ms int, endpoint text, key text, already_spent boolean, partial boolean, metadata jsonb)
$$;
