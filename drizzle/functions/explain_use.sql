-- Why a use is allowed or refused at `as_of`, and when it would work again: the verdict of check_usage for every limit at once, with what
-- each came from, the plan, the rule that decided and the plan that would cover it (R40). Writes nothing.
create or replace function subctl.explain_use(
  customer text, kind text, as_of timestamptz, quantity numeric default 1, provider text default null, model text default null,
  input_tokens numeric default null, output_tokens numeric default null, cached_tokens numeric default null, units jsonb default null,
  cost numeric default null, member text default null, session text default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  v_answer jsonb := subctl.apply_usage('check_all', $1, $2, $3, $3, coalesce($4, 1), $5, $6, $7, $8, $9, $10, $11, $12, $13, null, null, null, null, false, false, null);
  v_standing jsonb := subctl.explain_standing($1, $3);
  v_allowed boolean := (v_answer->>'allowed')::boolean;
  v_limits jsonb; v_again record; v_asked jsonb;
begin
  select coalesce(jsonb_agg(subctl.explain_limit($1, v_standing->>'plan', (v_standing->>'version')::int, l.lim, $3, $3, $12, $13, null) order by l.n), '[]'),
         coalesce(jsonb_object_agg(l.lim->>'meter', l.lim->>'requested') filter (where l.lim ? 'requested'), '{}') into v_limits, v_asked
    from jsonb_array_elements(v_answer->'limits') with ordinality l(lim, n);
  select null::timestamptz as at, null::text as never, '[]'::jsonb as steps into v_again;
  if not v_allowed then
    select * into v_again from subctl.works_again($1, $2, $3, coalesce($4, 1), $5, $6, $7, $8, $9, $10, $11, $12, $13);
  end if;
  return (v_answer - 'limits' - 'event_id' - 'replayed' - 'alerts') || jsonb_build_object(
    'explains', 'use', 'quantity', trim_scale(coalesce($4, 1))::text, 'timezone', coalesce(v_standing->>'timezone', subctl.zone_of($1, $3)),
    'rule', case v_answer->>'reason' when 'limit_reached' then 'R10' when 'disabled' then case when v_answer ? 'meter' then 'R11' end when 'no_credits' then 'R23'
                 when 'no_subscription' then 'R19' when 'paused' then 'R16' when 'past_due' then 'R35' when 'unpriced' then 'R26' when 'too_old' then 'R13'
                 when 'in_future' then 'R14' when 'no_member' then 'R20' else case when v_allowed then 'R10' end end,
    'standing', v_standing, 'limits', v_limits)
  || jsonb_build_object('works_again_at', subctl.iso(v_again.at), 'never', v_again.never, 'steps', v_again.steps,
       'suggestion', case when not v_allowed then (
         select to_jsonb(s) from subctl.suggest_plan($1, $3, v_asked, (v_answer->'credits'->>'needed')::numeric, $5, $6) s) end);
end $$;
