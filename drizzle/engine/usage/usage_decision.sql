-- Returns the answer of an allowed use as the text of a json (docs/usage.md): its limits afterwards, its cost in money
-- and credits, the alerts that it raised. A check has no event; `check_all` shows limits before it. A reservation
-- shows what it holds, and `holds` is what reserve_usage writes.
create or replace function subctl_internal.usage_decision(
  request subctl.usage_request, standing subctl.usage_standing, measure subctl.usage_measure, tally subctl.usage_tally,
  verdict subctl.usage_verdict) returns text
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  more jsonb;
begin
  if verdict.is_overage then more := '{"overage": true}'; end if;
  if measure.is_estimated then more := coalesce(more, '{}') || '{"estimated": true}'; end if;
  if request.mode = 'reserve' then
    more := coalesce(more, '{}') || jsonb_build_object('holds', jsonb_build_object(
      'meters', coalesce((
        select jsonb_object_agg(c.meter, c.asked) from unnest(tally.counts) c where c.asked > 0), '{}'),
      'credits', coalesce(verdict.credits, 0), 'quantity', measure.quantity, 'estimated', measure.is_estimated));
  end if;
  if verdict.asked is not null then
    more := coalesce(more, '{}') || jsonb_build_object(
      'partial', true, 'asked', trim_scale(verdict.asked)::text, 'quantity', trim_scale(measure.quantity)::text);
  end if;
  return concat('{"at": "', subctl_internal.iso(standing.at), '", "cost": ',
    coalesce('"' || trim_scale(measure.cost) || '"', 'null'), ', "kind": ', to_json(measure.kind),
    ', "alerts": [', array_to_string(verdict.alerts, ', '), '], "limits": ',
    case when request.mode = 'check_all' then subctl_internal.limits_before_use(tally.counts)::text
         else subctl_internal.limits_after_use(tally.counts, request.mode = 'reserve') end,
    ', "reason": null, "allowed": true, "credits": ',
    case when verdict.credits is null then 'null'
         else subctl_internal.credits_decision(verdict, request.mode = 'reserve')::text end,
    ', "customer": ', to_json(request.customer), ', "event_id": ',
    case when request.mode in ('record', 'record_locked') then '"' || standing.event_id || '"' else 'null' end,
    ', "replayed": false, "unpriced": ', measure.is_unpriced::text,
    case when more is not null then ', ' || substr(more::text, 2) else '}' end);
end $$;
