-- Takes a use back, once: its amounts leave the windows that contain it (a closed one gets an adjustment, R13) and the rolling totals, its
-- credits go back to the very grants they came from (R21), save to those whose time is over: nothing revives them (R22). The event stays; a
-- row with every amount below zero stands beside it, at its instant. Its answer, its key and its alerts stay as they were told. Asked again
-- it says so. Limits that were passed in between are not looked at: what was refused stays refused.
create or replace function subctl.reverse_usage(customer text, event uuid, as_of timestamptz, reason text, change text) returns jsonb
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_event alias for $2; p_now alias for $3;
  v_ms timestamptz := timestamptz 'epoch' + subctl.uuid7_ms(p_event) * interval '1 millisecond';
  v_id uuid;
  v_back numeric := 0; v_lost numeric := 0; v_alive boolean; v_last bigint; v_balance numeric;
  v_windows jsonb := '[]'; v_grants jsonb := '[]';
  e subctl.usage_events%rowtype;
  m record; g record;
begin
  perform subctl.lock_customers(array[p_customer]);
  select * into e from subctl.usage_events x
   where x.customer_id = p_customer and x.id = p_event and x.at >= v_ms and x.at < v_ms + interval '1 millisecond';
  if not found then
    raise exception 'There is no event % of customer %', p_event, p_customer using errcode = 'SB003', hint = format('subctl usage events %s', p_customer);
  elsif e.reverses is not null then
    raise exception 'Event % takes event % back and cannot be taken back itself', p_event, e.reverses using errcode = 'SB004',
      hint = 'Record the use anew, with --already-spent';
  end if;
  select x.id, -coalesce(x.credits, 0) into v_id, v_back from subctl.usage_events x where x.customer_id = p_customer and x.at = e.at and x.reverses = p_event;
  if found then
    return jsonb_build_object('customer', p_customer, 'event_id', p_event, 'reversal_id', v_id, 'replayed', true, 'at', subctl.iso(e.at), 'kind', e.kind,
      'quantity', trim_scale(e.quantity)::text, 'cost', trim_scale(e.cost)::text, 'windows', '[]'::jsonb,
      'credits', jsonb_build_object('given_back', trim_scale(v_back)::text, 'expired', trim_scale(coalesce(e.credits, 0) - v_back)::text, 'grants', '[]'::jsonb));
  end if;
  v_id := subctl.uuid7(e.at); v_back := 0;

  -- 1 the windows that contain it, wherever they are kept
  for m in
    select x.id as meter_id, a.amount from subctl.meters x
     cross join lateral subctl.metered_events(p_customer, x.id, null, e.at, e.at + interval '1 microsecond') a
     where a.id = p_event and a.amount <> 0 order by x.id collate "C"
  loop
    v_windows := v_windows || subctl.move_usage(p_customer, m.meter_id, v_id, e.at, e.member_id, e.session_id, -m.amount, p_now, 'reversal');
  end loop;

  -- 2 its credits, in the order that was written when they were taken
  if e.credits > 0 then
    perform subctl.post_due_credits(array[p_customer], p_now, $5);
    select x.id, x.balance_after into v_last, v_balance from subctl.credit_entries x where x.customer_id = p_customer order by x.id desc limit 1;
    for g in
      select x.grant_id, -x.amount as amount, y.source, y.expires_at, y.expired_at
        from subctl.credit_entries x join subctl.credit_grants y on y.customer_id = x.customer_id and y.id = x.grant_id
       where x.customer_id = p_customer and x.event_id = p_event and x.kind = 'use' order by x.id
    loop
      v_alive := g.expired_at is null and (g.expires_at is null or g.expires_at > p_now);
      if v_alive then
        v_last := v_last + 1; v_balance := v_balance + g.amount; v_back := v_back + g.amount;
        update subctl.credit_grants y set remaining = y.remaining + g.amount where y.customer_id = p_customer and y.id = g.grant_id;
        insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after, event_id, reason, change_id)
        values (p_customer, v_last, g.grant_id, p_now, 'reversal', g.amount, v_balance, v_id, $4, $5);
      else
        v_lost := v_lost + g.amount;
      end if;
      v_grants := v_grants || jsonb_build_object('grant', g.grant_id, 'source', g.source, 'amount', trim_scale(g.amount)::text, 'given_back', v_alive,
                                                 'expires_at', subctl.iso(g.expires_at));
    end loop;
    -- a grant that has something again may come before the one that the customer's rules take credits from
    update subctl.usage_totals t set generation = t.generation + 1 where t.customer_id = p_customer;
  end if;

  -- 3 the row that says so
  insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, provider, model, tier, input_tokens, output_tokens, cached_tokens, tokens,
    units, estimated, cost, unpriced, credits, member_id, session_id, status, endpoint, already_spent, subscription_id, plan_id, version, reverses)
  values (p_customer, e.at, v_id, p_now, e.kind, -e.quantity, e.provider, e.model, e.tier, -e.input_tokens, -e.output_tokens, -e.cached_tokens, -e.tokens,
    (select jsonb_object_agg(u.key, -(u.value #>> '{}')::numeric) from jsonb_each(e.units) u), e.estimated, -e.cost, false, nullif(-v_back, 0), e.member_id,
    e.session_id, e.status, e.endpoint, e.already_spent, e.subscription_id, e.plan_id, e.version, p_event);
  return jsonb_build_object('customer', p_customer, 'event_id', p_event, 'reversal_id', v_id, 'replayed', false, 'at', subctl.iso(e.at), 'kind', e.kind,
    'quantity', trim_scale(e.quantity)::text, 'cost', trim_scale(e.cost)::text, 'windows', v_windows,
    'credits', jsonb_build_object('given_back', trim_scale(v_back)::text, 'expired', trim_scale(v_lost)::text, 'grants', v_grants));
end $$;
