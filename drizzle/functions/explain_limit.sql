-- One limit of an answer with what it came from, for an explanation: `lim` is a limit as limit_json writes it, `counted` what the use added
-- to it (null where nothing was recorded). The customer's own limit or the plan version's as it was at `at`, the window's bounds and what
-- cut them, the uses in it, what reservations hold at `as_of`, what became of the window since, and the rows that were looked at.
create or replace function subctl.explain_limit(
  customer text, plan text, version int, lim jsonb, at timestamptz, as_of timestamptz, member text, session text, counted numeric) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  p_customer alias for $1; p_plan alias for $2; p_at alias for $5; p_now alias for $6; p_member alias for $7; p_session alias for $8;
  v_meter text := $4->>'meter'; v_win text := $4->>'window'; v_scope text := $4->>'scope';
  v_start timestamptz := coalesce(($4->>'window_start')::timestamptz, '-infinity');
  v_end timestamptz := coalesce(($4->>'resets_at')::timestamptz, 'infinity');
  v_member text := case when $4->>'scope' = 'member' then $7 end;
  v_subject text; v_from timestamptz;
  e record; k record; o record; l record; u record; w record; r record; h record;
  v_rows jsonb;
  v_out jsonb;
begin
  select * into k from subctl.window_kind(v_win);
  select * into e from subctl.effective_subscription(p_customer, p_at);
  select x.limit_value, x.starts_at, x.ends_at, x.reason, x.actor into o from subctl.limit_overrides x
   where x.customer_id = p_customer and x.meter_id = v_meter and x."window" = v_win and x.scope = v_scope and x.starts_at <= p_at
     and (x.ends_at is null or x.ends_at > p_at)
   order by x.starts_at desc limit 1;
  select x.limit_value, x.enforcement, x.overage_price, x.overage_per into l from subctl.plan_limits x
   where x.plan_id = p_plan and x.version = $3 and x.meter_id = v_meter and x."window" = v_win and x.scope = v_scope;
  v_subject := case when k.kind = 'session' then p_session when v_scope = 'member' then p_member else '' end;
  v_rows := jsonb_build_array(format('meters %s', v_meter));
  if o.starts_at is not null then
    v_rows := v_rows || to_jsonb(format('limit_overrides %s %s %s %s %s', p_customer, v_meter, v_win, v_scope, subctl.iso(o.starts_at)));
  end if;
  if l.enforcement is not null then v_rows := v_rows || to_jsonb(format('plan_limits %s %s %s %s %s', p_plan, $3, v_meter, v_win, v_scope)); end if;

  -- the uses in it; a rolling window ends with the use itself (R7)
  v_from := case when k.kind = 'rolling_hour' then greatest(v_start + interval '1 microsecond',
                   case when (select m.tier from subctl.meters m where m.id = v_meter) is distinct from 'free' then e.usage_from end) else v_start end;
  if k.kind not in ('each', 'session') then
    select count(*) as uses, min(x.at) as first, max(x.at) as last into u
      from subctl.metered_events(p_customer, v_meter, v_member, v_from,
                                 case when k.kind = 'rolling_hour' then v_start + make_interval(hours => k.n) + interval '1 microsecond' else least(v_end, greatest(p_at, p_now) + interval '1 microsecond') end) x
     where x.amount <> 0;
    select coalesce(sum(x.amount), 0) as amount, min(x.expires_at) as first,
           coalesce(jsonb_agg(jsonb_build_object('reservation', x.id, 'amount', trim_scale(x.amount)::text, 'expires_at', subctl.iso(x.expires_at)) order by x.expires_at), '[]') as list
      into h
      from subctl.live_holds(p_customer, v_meter, v_member, null, v_from,
                             case when k.kind = 'rolling_hour' then v_start + make_interval(hours => k.n) + interval '1 microsecond' else v_end end, p_now) x;
    select x.used, x.adjusted, x.refused, x.limit_value, x.closed_at into w from subctl.window_usage x
     where x.customer_id = p_customer and x.meter_id = v_meter and x."window" = v_win and x.scope = v_scope and x.subject = v_subject
       and x.window_start = case when k.kind = 'rolling_hour' then '-infinity' else v_start end;
    select x.at, x.cause, x.reason into r from subctl.usage_resets x
     where x.customer_id = p_customer and x.at = case when k.kind = 'rolling_hour' then v_from else v_start end;
    v_rows := v_rows || to_jsonb(format('%s %s %s %s', case when k.kind = 'rolling_hour' then 'usage_marks' when w.closed_at is null then 'usage_state' else 'usage_counters' end,
                                        p_customer, v_meter, v_win));
    if r.at is not null then v_rows := v_rows || to_jsonb(format('usage_resets %s %s', p_customer, subctl.iso(r.at))); end if;
  end if;

  v_out := $4 || jsonb_build_object(
    'subject', nullif(v_subject, ''), 'source', case when o.starts_at is not null then 'override' when l.enforcement is not null then 'plan' else 'counted' end,
    'enforcement', coalesce(l.enforcement, 'hard'), 'timezone', case when k.kind in ('hour', 'day', 'week', 'month', 'year') then e.timezone else e.anchor_timezone end,
    'override', case when o.starts_at is not null then jsonb_build_object(
      'starts_at', subctl.iso(o.starts_at), 'ends_at', subctl.iso(o.ends_at), 'reason', o.reason, 'actor', o.actor, 'plan_limit', trim_scale(l.limit_value)::text) end,
    'overage_price', trim_scale(l.overage_price)::text, 'overage_per', trim_scale(l.overage_per)::text,
    'window_rule', case when k.kind = 'rolling_hour' then 'R7' when k.kind in ('each', 'session', 'lifetime', 'term') then 'R1' else 'R6' end,
    'counts_from', subctl.iso(case when k.kind = 'rolling_hour' then v_from end));
  if k.kind not in ('each', 'session') then
    v_out := v_out || jsonb_build_object(
      'uses', u.uses, 'first_use_at', subctl.iso(u.first), 'last_use_at', subctl.iso(u.last), 'refused', coalesce(w.refused, 0)::int,
      'holds', h.list, 'held', trim_scale(h.amount)::text,
      'reset', case when r.at is not null then jsonb_build_object('at', subctl.iso(r.at), 'cause', r.cause, 'reason', r.reason) end,
      'now', case when k.kind <> 'rolling_hour' and w.used is not null then jsonb_build_object('used', trim_scale(w.used + w.adjusted)::text,
        'adjusted', trim_scale(w.adjusted)::text, 'closed_at', subctl.iso(w.closed_at), 'limit', trim_scale(w.limit_value)::text) end);
  end if;
  if $9 is not null then
    v_out := v_out || jsonb_build_object('before', trim_scale(($4->>'used')::numeric - $9)::text, 'counted', trim_scale($9)::text);
  end if;
  return v_out || jsonb_build_object(
    'rule', case when $4->>'limit' is null then 'R11' when ($4->>'limit')::numeric = 0 then 'R11'
                 when $9 is not null and ($4->>'used')::numeric > ($4->>'limit')::numeric then 'R12' else 'R10' end,
    'rows', v_rows);
end $$;
