-- Explains one limit of an answer: `lim` is a limit as limit_json writes it, `counted` what the use added to it (null
-- where nothing was recorded). Returns the customer's own limit or the plan version's as of `at`, the window's bounds
-- and what cut them, the uses in it, the reservations at `as_of`, later changes of the window (explain_window), and
-- the rows that were read.
create or replace function subctl_internal.explain_limit(
  customer text, plan text, version int, lim jsonb, at timestamptz, as_of timestamptz, member text, session text,
  counted numeric) returns jsonb
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  meter text := lim->>'meter';
  win text := lim->>'window';
  limit_scope text := lim->>'scope';
  limited numeric := (lim->>'limit')::numeric;
  standing subctl.effective_standing;
  shape record;
  own record;
  planned record;
  subject text;
  is_rolling boolean;
  counts_from timestamptz := coalesce((lim->>'window_start')::timestamptz, '-infinity');
  shown jsonb;
  read_rows jsonb := jsonb_build_array(format('meters %s', lim->>'meter'));
begin
  select * into shape from subctl_internal.window_kind(win);
  select * into standing from subctl_internal.effective_subscription(customer, at);
  select o.limit_value, o.starts_at, o.ends_at, o.reason, o.actor into own
    from subctl.limit_overrides o
   where o.customer_id = customer and o.meter_id = meter and o."window" = win and o.scope = limit_scope
     and o.starts_at <= at and (o.ends_at is null or o.ends_at > at)
   order by o.starts_at desc limit 1;
  select l.limit_value, l.enforcement, l.overage_price, l.overage_per into planned
    from subctl.plan_limits l
   where l.plan_id = plan and l.version = explain_limit.version and l.meter_id = meter and l."window" = win
     and l.scope = limit_scope;
  if own.starts_at is not null then
    read_rows := read_rows || to_jsonb(
      format('limit_overrides %s %s %s %s %s', customer, meter, win, limit_scope, subctl_internal.iso(own.starts_at)));
  end if;
  if planned.enforcement is not null then
    read_rows := read_rows || to_jsonb(
      format('plan_limits %s %s %s %s %s', plan, explain_limit.version, meter, win, limit_scope));
  end if;
  subject := case when shape.kind = 'session' then session when limit_scope = 'member' then member else '' end;
  is_rolling := shape.kind = 'rolling_hour';
  if is_rolling then
    counts_from := greatest(counts_from + interval '1 microsecond', case
      when (select m.tier from subctl.meters m where m.id = meter) is distinct from 'free' then standing.usage_from
    end);
  end if;

  shown := lim || jsonb_build_object(
    'subject', nullif(subject, ''),
    'source', case when own.starts_at is not null then 'override' when planned.enforcement is not null then 'plan'
                   else 'counted' end,
    'enforcement', coalesce(planned.enforcement, 'hard'),
    'timezone', case when shape.kind in ('hour', 'day', 'week', 'month', 'year') then standing.timezone
                     else standing.anchor_timezone end,
    'override', case when own.starts_at is not null then jsonb_build_object(
      'starts_at', subctl_internal.iso(own.starts_at), 'ends_at', subctl_internal.iso(own.ends_at),
      'reason', own.reason, 'actor', own.actor, 'plan_limit', trim_scale(planned.limit_value)::text) end,
    'overage_price', trim_scale(planned.overage_price)::text, 'overage_per', trim_scale(planned.overage_per)::text,
    'window_rule', case when is_rolling then 'R7' when shape.kind in ('each', 'session', 'lifetime', 'term') then 'R1'
                        else 'R6' end,
    'counts_from', subctl_internal.iso(case when is_rolling then counts_from end));
  if shape.kind not in ('each', 'session') then
    shown := shown || subctl_internal.explain_window(
      customer, lim, subject, counts_from, case when is_rolling then shape.n end, array[at, as_of]);
    read_rows := read_rows || (shown->'read');
    shown := shown - 'read';
  end if;
  if counted is not null then
    shown := shown || jsonb_build_object(
      'before', trim_scale((lim->>'used')::numeric - counted)::text, 'counted', trim_scale(counted)::text);
  end if;
  return shown || jsonb_build_object(
    'rule', case when limited is null or limited = 0 then 'R11'
                 when counted is not null and (lim->>'used')::numeric > limited then 'R12'
                 else 'R10' end,
    'rows', read_rows);
end $$;
