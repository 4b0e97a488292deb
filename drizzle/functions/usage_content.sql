-- What a key stands for: a digest of the arguments that were supplied (R15). Numbers are compared by value, JSON by content.
create or replace function subctl.usage_content(
  kind text, at timestamptz, quantity numeric, provider text, model text, input_tokens numeric, output_tokens numeric, cached_tokens numeric,
  units jsonb, cost numeric, member text, session text, status text, latency_ms int, endpoint text, already_spent boolean, partial boolean,
  metadata jsonb) returns uuid
language sql stable parallel safe as $$
  select md5(row($1, extract(epoch from $2), trim_scale($3), $4, $5, trim_scale($6), trim_scale($7), trim_scale($8), $9, trim_scale($10), $11, $12,
                 $13, $14, $15, $16, $17, $18)::text)::uuid
$$;
