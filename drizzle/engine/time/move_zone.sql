-- Sets a customer's zone from an instant on; null means the zone of the settings. Current windows get the end that the
-- new zone gives them (R4, customer_window), and so do the default plan's period and its credits. A subscription keeps
-- the zone of its anchor. Each window is looked up at its start, because one that ends with the change no longer
-- contains the instant. The caller has locked the customer.
create or replace function subctl_internal.move_zone(
  p_customer text, p_timezone text, p_as_of timestamptz, p_change text)
returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_standing record;
  v_every text;
  v_start timestamptz;
  -- the end of the default plan's period and its cycle of credits, as they were
  v_period timestamptz; v_cycle tstzrange;
begin
  select * into v_standing from subctl_internal.effective_subscription(p_customer, p_as_of);
  if v_standing.basis = 'default' then
    select coalesce(v.credits_every, v_standing.every) into v_every from subctl.plan_versions v
     where v.plan_id = v_standing.plan_id and v.version = v_standing.version;
    v_period := v_standing.period_end;
    v_cycle := subctl_internal.cycle_at(p_customer, v_standing.basis, v_standing.anchor, v_every, p_as_of,
                                        v_standing.anchor_timezone);
    v_start := v_standing.period_start;
  end if;
  insert into subctl.customer_zones (customer_id, from_at, timezone, change_id)
  values (p_customer, p_as_of, p_timezone, p_change)
  on conflict (customer_id, from_at) do update set timezone = excluded.timezone, change_id = excluded.change_id;
  select * into v_standing from subctl_internal.effective_subscription(p_customer, p_as_of);
  if v_standing.basis = 'default' then
    update subctl.credit_grants g
       set expires_at = upper(case
             when g.expires_at = v_period then subctl_internal.customer_window(p_customer, 'anchored_month', v_start, 1)
             else subctl_internal.cycle_at(p_customer, v_standing.basis, v_standing.anchor, v_every, lower(v_cycle),
                                           v_standing.anchor_timezone) end)
     where g.customer_id = p_customer and g.expired_at is null and g.expires_at in (v_period, upper(v_cycle));
  end if;
  perform subctl_internal.flush_windows(p_customer, 'infinity');
  update subctl.usage_counters c set window_end = x.ends
    from (
      select o.meter_id, o."window", o.scope, o.subject, o.window_start,
             upper(subctl_internal.limit_window(p_customer, k.kind, k.n, m.tier is distinct from 'free', o.window_start,
                                                case when x.basis <> 'default' then x.anchor end,
                                                x.anchor_timezone, x.period_start, x.period_end, x.usage_from)) as ends
        from subctl.usage_counters o
        join subctl.meters m on m.id = o.meter_id
       cross join lateral subctl_internal.window_kind(o."window") k
       cross join lateral subctl_internal.effective_subscription(p_customer,
                                                                 case when v_standing.basis = 'default'
                                                                   then o.window_start
                                                                      else p_as_of end) x
       where o.customer_id = p_customer and o.closed_at is null and o.window_start <= p_as_of and o.window_end > p_as_of
         and (k.kind in ('hour', 'day', 'week', 'month', 'year')
              or v_standing.basis = 'default' and k.kind ~ '^(anchored|period|term)')) x
   where c.customer_id = p_customer and c.meter_id = x.meter_id and c."window" = x."window" and c.scope = x.scope
     and c.subject = x.subject and c.window_start = x.window_start and c.window_end <> x.ends;
  -- the next use opens them again
  update subctl.customer_windows s set epoch = -1, credits_due_at = null where s.customer_id = p_customer;
end $$;
