-- Explains why a use is allowed or refused at `as_of`, and when it would be allowed again: the answer of check_usage
-- for every limit at once, with the source of each, the plan, the rule that decided and the plan that would cover it
-- (R40). Writes nothing.
create or replace function subctl.explain_use(
  customer text, kind text, as_of timestamptz, quantity numeric default 1, provider text default null,
  model text default null, input_tokens numeric default null, output_tokens numeric default null,
  cached_tokens numeric default null, units jsonb default null, cost numeric default null, member text default null,
  session text default null) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  request subctl.usage_request := row(
    'check_all', customer, kind, as_of, as_of, coalesce(quantity, 1), provider, model, input_tokens, output_tokens,
    cached_tokens, units, cost, member, session, null, null, null, null, false, false, null);
  answer jsonb := subctl_internal.decide_usage(request)::jsonb;
  standing jsonb := subctl_internal.explain_standing(customer, as_of);
  is_allowed boolean := (answer->>'allowed')::boolean;
  limits jsonb;
  asked jsonb;
  again record;
begin
  select coalesce(jsonb_agg(subctl_internal.explain_limit(
           customer, standing->>'plan', (standing->>'version')::int, l.shown, as_of, as_of, member, session, null)
           order by l.place), '[]'),
         coalesce(jsonb_object_agg(l.shown->>'meter', l.shown->>'requested') filter (where l.shown ? 'requested'), '{}')
    into limits, asked
    from jsonb_array_elements(answer->'limits') with ordinality l(shown, place);
  select null::timestamptz as at, null::text as never, '[]'::jsonb as steps into again;
  if not is_allowed then
    select * into again from subctl_internal.next_allowed_at(request);
  end if;
  return (answer - 'limits' - 'event_id' - 'replayed' - 'alerts') || jsonb_build_object(
    'explains', 'use', 'quantity', trim_scale(coalesce(quantity, 1))::text,
    'timezone', coalesce(standing->>'timezone', subctl_internal.zone_of(customer, as_of)),
    'rule', case answer->>'reason'
      when 'limit_reached' then 'R10'
      when 'disabled' then case when answer ? 'meter' then 'R11' end
      when 'no_credits' then 'R23'
      when 'no_subscription' then 'R19'
      when 'paused' then 'R16'
      when 'past_due' then 'R35'
      when 'unpriced' then 'R26'
      when 'too_old' then 'R13'
      when 'in_future' then 'R14'
      when 'no_member' then 'R20'
      else case when is_allowed then 'R10' end end,
    'standing', standing, 'limits', limits)
  || jsonb_build_object(
    'works_again_at', subctl_internal.iso(again.at), 'never', again.never, 'steps', again.steps,
    'suggestion', case when not is_allowed then (
      select to_jsonb(s) from subctl.suggest_plan(
        customer, as_of, asked, (answer->'credits'->>'needed')::numeric, provider, model) s) end);
end $$;
