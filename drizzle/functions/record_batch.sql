-- Records each use of a batch and gives the answers, each in its place. `fresh` are the places of those whose keys the batch has written; the
-- customers are locked. What cannot be a use is an error, or where they are `kept` an answer with the error in it.
create or replace function subctl.record_batch(events jsonb, fresh bigint[], as_of timestamptz, kept boolean) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_answers text[];
  v_mode text;
  v_state text;
  v_message text;
  v_hint text;
  e record;
begin
  for e in
    select x.*, x.n = any ($2) as claimed from subctl.usage_batch($1) x order by x.customer, x.n
  loop
    v_mode := case when e.claimed then 'claimed' else 'locked' end;
    if not $4 then
      v_answers[e.n] := subctl.apply_usage(v_mode, e.customer, e.kind, e.at, $3, e.quantity, e.provider, e.model, e.input_tokens, e.output_tokens,
        e.cached_tokens, e.units, e.cost, e.member, e.session, e.status, e.latency_ms, e.endpoint, e.key, e.already_spent, e.partial, e.metadata)::text;
      continue;
    end if;
    begin
      v_answers[e.n] := subctl.apply_usage(v_mode, e.customer, e.kind, e.at, $3, e.quantity, e.provider, e.model, e.input_tokens, e.output_tokens,
        e.cached_tokens, e.units, e.cost, e.member, e.session, e.status, e.latency_ms, e.endpoint, e.key, e.already_spent, e.partial, e.metadata)::text;
    exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint;
      if e.claimed then delete from subctl.usage_keys k where k.customer_id = e.customer and k.key = e.key; end if;
      v_answers[e.n] := jsonb_build_object('allowed', null, 'reason', case v_state when 'SB008' then 'key_conflict' else 'invalid' end, 'message', v_message,
        'customer', e.customer, 'kind', e.kind, 'error', jsonb_build_object('code', case v_state when 'SB008' then 'conflict' else 'usage' end,
          'message', v_message, 'hint', nullif(v_hint, '')))::text;
    end;
  end loop;
  return v_answers;
end $$;
