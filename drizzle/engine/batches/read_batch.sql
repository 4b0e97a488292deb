-- Reads the uses of a batch, given as the arguments of record_usage by name, in their order. An unreadable use is an
-- error.
create or replace function subctl_internal.read_batch(events jsonb) returns subctl.usage_request[]
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return (
    select array_agg(row(null, e.customer, e.kind, e.at, null, coalesce(e.quantity, 1), e.provider, e.model,
             e.input_tokens, e.output_tokens, e.cached_tokens, nullif(e.units, 'null'), e.cost, e.member, e.session,
             e.status, e.latency_ms, e.endpoint, e.key, coalesce(e.already_spent, false), coalesce(e.partial, false),
             nullif(e.metadata, 'null'))::subctl.usage_request order by e.place)
      from rows from (jsonb_to_recordset(events) as (
             customer text, kind text, at timestamptz, quantity numeric, provider text, model text,
             input_tokens numeric, output_tokens numeric, cached_tokens numeric, units jsonb, cost numeric, member text,
             session text, status text, latency_ms int, endpoint text, key text, already_spent boolean,
             partial boolean, metadata jsonb))
           with ordinality e(customer, kind, at, quantity, provider, model, input_tokens, output_tokens, cached_tokens,
             units, cost, member, session, status, latency_ms, endpoint, key, already_spent, partial, metadata, place));
end $$;
