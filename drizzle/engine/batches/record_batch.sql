-- Records each use of a batch and returns the answers in order: the same as single calls, each customer's uses in
-- order. Plain uses are recorded together (record_plain_batch). A use that is not plain is recorded by itself, and the
-- following ones together again, while enough of them are recorded at a time. Where customers use something for the
-- first time, one of them is recorded first for each kind, provider and model, and the others adopt its rules
-- (adopt_rules). The customers are locked. An invalid use is an error, or where they are `kept` an answer with the
-- error. `brief`: plain uses need only the verdict.
create or replace function subctl_internal.record_batch(
  requests subctl.usage_request[], as_of timestamptz, kept boolean, brief boolean) returns text[]
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_answers text[] := array_fill(null::text, array[cardinality(requests)]);
  v_left int := cardinality(requests);
  v_taken int;
  v_is_worth boolean := true;
  v_is_first boolean := true;
  v_rounds int := 0;
  v_adopted int;
  v_request subctl.usage_request;
  v_place int;
  v_places int[];
  v_state text;
  v_message text;
  v_hint text;
begin
  while v_left > 0 loop
    if v_left >= 3 and v_rounds < 2 then
      v_adopted := subctl_internal.adopt_rules(requests, as_of, v_answers);
      v_rounds := case when v_adopted is null then 2 else v_rounds + 1 end;
      v_is_worth := v_is_worth or coalesce(v_adopted > 0, false);
    end if;
    if v_is_worth and v_left >= 3 then
      v_answers := subctl_internal.record_plain_batch(requests, as_of, v_answers, brief);
      v_taken := v_left - cardinality(array_positions(v_answers, null));
      v_left := v_left - v_taken;
      v_is_worth := v_taken >= 4 and v_taken * 20 >= v_left or v_is_first;
      v_is_first := false;   -- the first use of a customer creates the rules of the next ones
    end if;
    exit when v_left = 0;
    v_places := array_positions(v_answers, null);
    if v_left > 1 then
      select array_agg(x.place order by x.customer, x.place) into v_places
        from (select u.customer, p.place, row_number() over (partition by u.customer order by p.place) as n,
                     row_number() over (partition by u.kind, u.provider, u.model order by p.place) as of_its_like
                from unnest(v_places) p(place)
               cross join lateral (select (requests[p.place]).*) u) x
       where x.n = 1 and (x.of_its_like = 1 or v_rounds <> 1 or v_left < 20) or x.customer is null or not v_is_worth;
    end if;
    foreach v_place in array v_places loop
      v_left := v_left - 1;
      v_request := requests[v_place];
      if not kept then
        v_answers[v_place] := subctl_internal.record_locked_use(v_request, as_of);
        continue;
      end if;
      begin
        v_answers[v_place] := subctl_internal.record_locked_use(v_request, as_of);
      exception when sqlstate 'SB002' or sqlstate 'SB008' or data_exception then
        get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint;
        v_answers[v_place] := jsonb_build_object('allowed', null,
          'reason', case v_state when 'SB008' then 'key_conflict' else 'invalid' end, 'message', v_message,
          'customer', v_request.customer, 'kind', v_request.kind,
          'error', jsonb_build_object('code', case v_state when 'SB008' then 'conflict' else 'usage' end,
                                      'message', v_message, 'hint', nullif(v_hint, '')))::text;
      end;
    end loop;
  end loop;
  return v_answers;
end $$;
