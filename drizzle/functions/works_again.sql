-- When a use that is refused would be allowed, if nothing else is used: the instants that its refusals name are tried one after the other,
-- by the one function that decides (R7, W20). `at` is null when no waiting helps, and `never` says why.
create or replace function subctl.works_again(
  customer text, kind text, as_of timestamptz, quantity numeric, provider text, model text, input_tokens numeric, output_tokens numeric,
  cached_tokens numeric, units jsonb, cost numeric, member text, session text, out at timestamptz, out never text, out steps jsonb)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_answer jsonb;
  v_at timestamptz := $3;
  v_next timestamptz;
begin
  steps := '[]';
  for i in 1 .. 60 loop
    v_answer := subctl.apply_usage('check', $1, $2, v_at, v_at, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, null, null, false, false, null);
    if (v_answer->>'allowed')::boolean then
      at := v_at;
      return;
    end if;
    v_next := case v_answer->>'reason'
      when 'no_credits' then (v_answer->'credits'->>'resets_at')::timestamptz
      when 'limit_reached' then (v_answer->>'resets_at')::timestamptz
      when 'paused' then (select s.resumes_at from subctl.subscriptions s where s.customer_id = $1 and s.status = 'paused') end;
    if v_next is null or v_next <= v_at then
      never := case
        when v_answer->>'reason' = 'limit_reached' and (v_answer->>'requested')::numeric > (v_answer->>'limit')::numeric then
          format('%s asked at once are more than the whole limit of %s %s per %s', v_answer->>'requested', v_answer->>'limit', v_answer->>'meter', v_answer->>'window')
        when v_answer->>'message' like '%more than the whole limit%' then v_answer->>'message'
        when v_answer->>'reason' = 'limit_reached' then format('%s per %s does not begin anew', v_answer->>'meter', v_answer->>'window')
        else v_answer->>'message' end;
      return;
    end if;
    steps := steps || jsonb_build_object('at', subctl.iso(v_next), 'reason', v_answer->>'reason', 'meter', v_answer->>'meter', 'window', v_answer->>'window');
    v_at := v_next;
  end loop;
  never := 'not within the next 60 resets';
end $$;
