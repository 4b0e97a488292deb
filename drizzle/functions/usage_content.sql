-- What a key stands for: a digest of the arguments that were supplied (R15). Numbers are compared by value, JSON by content. A plain use has a
-- digest of its own form, which no other can have: it begins with a digit.
create or replace function subctl.usage_content(
  kind text, at timestamptz, quantity numeric, provider text, model text, input_tokens numeric, output_tokens numeric, cached_tokens numeric,
  units jsonb, cost numeric, member text, session text, status text, latency_ms int, endpoint text, already_spent boolean, partial boolean,
  metadata jsonb) returns uuid
language sql stable parallel safe as $$
  select case when num_nonnulls($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $18) = 0 and $16 is not true and $17 is not true
    then subctl.plain_usage_content($1, $2, $3)
    else md5(row($1, extract(epoch from $2), trim_scale($3), $4, $5, trim_scale($6), trim_scale($7), trim_scale($8), $9, trim_scale($10), $11, $12,
                 $13, $14, $15, $16, $17, $18)::text)::uuid end
$$;
