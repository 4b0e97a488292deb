-- Returns when a refused use would be allowed if nothing else is used: the instants that its refusals name are tried
-- in turn, with the one function that decides (R7). `at` is null when waiting does not help, and `never` says why.
create or replace function subctl_internal.next_allowed_at(
  asked subctl.usage_request, out at timestamptz, out never text, out steps jsonb)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  request subctl.usage_request := asked;
  answer jsonb;
  next_at timestamptz;
begin
  request.mode := 'check';
  steps := '[]';
  for i in 1 .. 60 loop
    request.at := request.as_of;
    answer := subctl_internal.decide_usage(request)::jsonb;
    if (answer->>'allowed')::boolean then
      at := request.as_of;
      return;
    end if;
    next_at := case answer->>'reason'
      when 'no_credits' then (answer->'credits'->>'resets_at')::timestamptz
      when 'limit_reached' then (answer->>'resets_at')::timestamptz
      when 'paused' then (
        select s.resumes_at from subctl.subscriptions s
         where s.customer_id = request.customer and s.status = 'paused') end;
    if next_at is null or next_at <= request.as_of then
      never := case
        when answer->>'reason' = 'limit_reached' and (answer->>'requested')::numeric > (answer->>'limit')::numeric then
          format('%s asked at once are more than the whole limit of %s %s per %s', answer->>'requested',
                 answer->>'limit', answer->>'meter', answer->>'window')
        when answer->>'message' like '%more than the whole limit%' then answer->>'message'
        when answer->>'reason' = 'limit_reached' then
          format('%s per %s never resets', answer->>'meter', answer->>'window')
        else answer->>'message' end;
      return;
    end if;
    steps := steps || jsonb_build_object('at', subctl_internal.iso(next_at), 'reason', answer->>'reason',
                                         'meter', answer->>'meter', 'window', answer->>'window');
    request.as_of := next_at;
  end loop;
  never := 'not within the next 60 resets';
end $$;
