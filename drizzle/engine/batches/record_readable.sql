-- Records a batch in which some uses cannot be read: a day that does not exist, text in place of a number, an infinite
-- instant. These are answered in place with `allowed` null and an `error`; the others are recorded as one batch.
create or replace function subctl_internal.record_readable(events jsonb, as_of timestamptz, brief boolean) returns text
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_answers jsonb[];
  v_read jsonb := '[]';
  v_places bigint[] := '{}';
  v_message text;
  given record;
begin
  for given in select x.event, x.n from jsonb_array_elements(events) with ordinality x(event, n) loop
    begin
      select case when jsonb_typeof(given.event) <> 'object' then 'A use must be a JSON object'
                  when not isfinite(b.at) then 'The at is not a valid time'
                  when length(b.key) > 500 then 'The key has more than 500 characters' end
        into v_message
        from unnest(subctl_internal.read_batch(jsonb_build_array(
               case when jsonb_typeof(given.event) = 'object' then given.event else '{}' end))) b;
    exception when data_exception then
      get stacked diagnostics v_message = message_text;
    end;
    if v_message is null then
      v_read := v_read || jsonb_build_array(given.event);
      v_places := v_places || given.n;
      continue;
    end if;
    v_answers[given.n] := jsonb_build_object('allowed', null, 'reason', 'invalid', 'message', v_message,
      'customer', given.event->'customer', 'kind', given.event->'kind',
      'error', jsonb_build_object('code', 'usage', 'message', v_message, 'hint', null));
  end loop;
  for given in
    select a.answer, v_places[a.n] as n
      from jsonb_array_elements(subctl_internal.record_uses(v_read, as_of, brief)::jsonb) with ordinality a(answer, n)
  loop
    v_answers[given.n] := given.answer;
  end loop;
  return to_jsonb(v_answers);
end $$;
