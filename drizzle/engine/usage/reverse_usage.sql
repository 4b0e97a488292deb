-- Reverses a use, once: its amounts leave the windows that contain it (a closed one gets an adjustment, R13) and the
-- rolling totals, and its credits return to their grants (R21, return_credits). The event stays; a row with negative
-- amounts is added at its instant. Its answer, its key and its alerts stay. A second call says that it was reversed.
-- Limits exceeded in between are not checked again: a refusal stays a refusal. Locks the customer's row.
create or replace function subctl.reverse_usage(
  customer text, event uuid, as_of timestamptz, reason text, change text) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  millisecond timestamptz := timestamptz 'epoch' + subctl_internal.uuid7_ms(event) * interval '1 millisecond';
  used record;
  counted record;
  reversal uuid;
  back numeric;
  windows jsonb := '[]';
  credits jsonb := '{"given_back": "0", "expired": "0", "grants": []}';
  answer jsonb;
begin
  perform subctl_internal.lock_customers(array[customer]);
  select e.* into used from subctl.usage_events e
   where e.customer_id = customer and e.id = event and e.at >= millisecond
     and e.at < millisecond + interval '1 millisecond';
  if not found then
    raise exception 'There is no event % of customer %', event, customer
      using errcode = 'SB003', hint = format('subctl usage events %s', customer);
  elsif used.reverses is not null then
    raise exception 'Event % reverses event % and cannot be reversed itself', event, used.reverses
      using errcode = 'SB004', hint = 'Record the use again, with --already-spent';
  end if;
  answer := jsonb_build_object(
    'customer', customer, 'event_id', event, 'at', subctl_internal.iso(used.at), 'kind', used.kind,
    'quantity', trim_scale(used.quantity)::text, 'cost', trim_scale(used.cost)::text);
  select e.id, -coalesce(e.credits, 0) into reversal, back from subctl.usage_events e
   where e.customer_id = customer and e.at = used.at and e.reverses = event;
  if found then
    return answer || jsonb_build_object(
      'reversal_id', reversal, 'replayed', true, 'windows', windows,
      'credits', credits || jsonb_build_object(
        'given_back', trim_scale(back)::text, 'expired', trim_scale(coalesce(used.credits, 0) - back)::text));
  end if;
  reversal := subctl_internal.uuid7(used.at);

  for counted in
    select m.id as meter, x.amount
      from subctl.meters m
     cross join lateral subctl_internal.metered_events(
       customer, m.id, null, used.at, used.at + interval '1 microsecond') x
     where x.id = event and x.amount <> 0
     order by m.id collate "C"
  loop
    windows := windows || subctl_internal.move_usage(
      customer, counted.meter, reversal, used.at, used.member_id, used.session_id, -counted.amount, as_of, 'reversal');
  end loop;
  if used.credits > 0 then
    perform subctl_internal.post_due_credits(array[customer], as_of, change);
    credits := subctl_internal.return_credits(customer, event, reversal, as_of, reason, change);
  end if;
  insert into subctl.usage_events (
    customer_id, at, id, recorded_at, kind, quantity, provider, model, tier, input_tokens, output_tokens,
    cached_tokens, tokens, units, estimated, cost, unpriced, credits, member_id, session_id, status, endpoint,
    already_spent, subscription_id, plan_id, version, reverses)
  values (
    customer, used.at, reversal, as_of, used.kind, -used.quantity, used.provider, used.model, used.tier,
    -used.input_tokens, -used.output_tokens, -used.cached_tokens, -used.tokens,
    (select jsonb_object_agg(u.key, -(u.value #>> '{}')::numeric) from jsonb_each(used.units) u), used.estimated,
    -used.cost, false, nullif(-(credits->>'given_back')::numeric, 0), used.member_id, used.session_id, used.status,
    used.endpoint, used.already_spent, used.subscription_id, used.plan_id, used.version, event);
  return answer || jsonb_build_object(
    'reversal_id', reversal, 'replayed', false, 'windows', windows, 'credits', credits);
end $$;
