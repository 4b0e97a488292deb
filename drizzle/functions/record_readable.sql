-- Records a batch in which something cannot be read as a use: a day that does not exist, text in place of a number, an instant without end.
-- What cannot is answered in its place with `allowed` null and an `error`; the others are recorded as one batch.
create or replace function subctl.record_readable(events jsonb, as_of timestamptz) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_answers jsonb[];
  v_read jsonb := '[]';
  v_places bigint[] := '{}';
  v_message text;
  v_error jsonb;
  e record;
begin
  for e in select x.event, x.n from jsonb_array_elements($1) with ordinality x(event, n) loop
    begin
      select case when not isfinite(b.at) then 'The at is no time of the calendar' when length(b.key) > 500 then 'The key has more than 500 characters' end
        into v_message from subctl.usage_batch(jsonb_build_array(e.event)) b;
    exception when data_exception then
      get stacked diagnostics v_message = message_text;
    end;
    if v_message is null then
      v_read := v_read || jsonb_build_array(e.event);
      v_places := v_places || e.n;
      continue;
    end if;
    v_error := jsonb_build_object('code', 'usage', 'message', v_message, 'hint', null);
    v_answers[e.n] := jsonb_build_object('allowed', null, 'reason', 'invalid', 'message', v_message, 'customer', e.event->'customer', 'kind', e.event->'kind',
      'error', v_error);
  end loop;
  for e in select a.answer, v_places[a.n] as n from jsonb_array_elements(subctl.record_usage_many(v_read, $2)) with ordinality a(answer, n) loop
    v_answers[e.n] := e.answer;
  end loop;
  return to_jsonb(v_answers);
end $$;
