-- Records each use of a batch and gives the answers, each in its place. The customers are locked. What cannot be a use
-- is an error, or where they are `kept` an answer with the error in it.
create or replace function subctl.record_batch(events jsonb, as_of timestamptz, kept boolean) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_answers text[];
  v_state text;
  v_message text;
  v_hint text;
  e record;
begin
  for e in
    select x.*, x.customer is not null and not x.already_spent and not x.partial
             and num_nonnulls(x.provider, x.model, x.input_tokens, x.output_tokens, x.cached_tokens, x.units, x.cost,
                   x.member, x.session, x.status, x.latency_ms, x.endpoint, x.metadata) = 0 as is_plain
      from subctl.usage_batch(events) x order by x.customer, x.n
  loop
    if not kept then
      v_answers[e.n] := case
        when e.is_plain then subctl.record_plain_use(e.customer, e.kind, e.at, as_of, e.quantity, e.key)
        else subctl.decide_usage(row(
          'record_locked', e.customer, e.kind, e.at, as_of, e.quantity, e.provider, e.model, e.input_tokens,
          e.output_tokens, e.cached_tokens, e.units, e.cost, e.member, e.session, e.status, e.latency_ms, e.endpoint,
          e.key, e.already_spent, e.partial, e.metadata)) end;
      continue;
    end if;
    begin
      v_answers[e.n] := subctl.decide_usage(row(
        'record_locked', e.customer, e.kind, e.at, as_of, e.quantity, e.provider, e.model, e.input_tokens,
        e.output_tokens, e.cached_tokens, e.units, e.cost, e.member, e.session, e.status, e.latency_ms, e.endpoint,
        e.key, e.already_spent, e.partial, e.metadata));
    exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
      get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint;
      v_answers[e.n] := jsonb_build_object('allowed', null,
        'reason', case v_state when 'SB008' then 'key_conflict' else 'invalid' end, 'message', v_message,
        'customer', e.customer, 'kind', e.kind,
        'error', jsonb_build_object('code', case v_state when 'SB008' then 'conflict' else 'usage' end,
                                    'message', v_message, 'hint', nullif(v_hint, '')))::text;
    end;
  end loop;
  return v_answers;
end $$;
