-- Gives a customer another zone from an instant on: null is the settings'. The windows under way get the end that the new zone gives them (R4,
-- customer_window), and so do the default plan's period and the credits that end with it; a subscription keeps the zone of its anchor. Each is
-- asked where it began: one that ends with the change is no longer the one of now. The caller has locked the customer.
create or replace function subctl.move_zone(customer text, timezone text, as_of timestamptz, change text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  e record;
  v_every text;
  v_start timestamptz;
  v_period timestamptz; v_cycle tstzrange;   -- the end of the default plan's period and its cycle of credits, as they were
begin
  select * into e from subctl.effective_subscription($1, $3);
  if e.basis = 'default' then
    select coalesce(v.credits_every, e.every) into v_every from subctl.plan_versions v where v.plan_id = e.plan_id and v.version = e.version;
    v_period := e.period_end; v_cycle := subctl.cycle_at($1, e.basis, e.anchor, v_every, $3, e.anchor_timezone);
    v_start := e.period_start;
  end if;
  insert into subctl.customer_zones (customer_id, from_at, timezone, change_id) values ($1, $3, $2, $4)
  on conflict (customer_id, from_at) do update set timezone = excluded.timezone, change_id = excluded.change_id;
  select * into e from subctl.effective_subscription($1, $3);
  if e.basis = 'default' then
    update subctl.credit_grants g
       set expires_at = upper(case when g.expires_at = v_period then subctl.customer_window($1, 'anchored_month', v_start, 1)
                                   else subctl.cycle_at($1, e.basis, e.anchor, v_every, lower(v_cycle), e.anchor_timezone) end)
     where g.customer_id = $1 and g.expired_at is null and g.expires_at in (v_period, upper(v_cycle));
  end if;
  perform subctl.flush_windows($1, 'infinity');
  update subctl.usage_counters c set window_end = x.ends
    from (
      select o.meter_id, o."window", o.scope, o.subject, o.window_start,
             upper(subctl.limit_window($1, k.kind, k.n, m.tier is distinct from 'free', o.window_start, case when x.basis <> 'default' then x.anchor end,
                                       x.anchor_timezone, x.period_start, x.period_end, x.usage_from)) as ends
        from subctl.usage_counters o
        join subctl.meters m on m.id = o.meter_id
       cross join lateral subctl.window_kind(o."window") k
       cross join lateral subctl.effective_subscription($1, case when e.basis = 'default' then o.window_start else $3 end) x
       where o.customer_id = $1 and o.closed_at is null and o.window_start <= $3 and o.window_end > $3
         and (k.kind in ('hour', 'day', 'week', 'month', 'year') or e.basis = 'default' and k.kind ~ '^(anchored|period|term)')) x
   where c.customer_id = $1 and c.meter_id = x.meter_id and c."window" = x."window" and c.scope = x.scope and c.subject = x.subject
     and c.window_start = x.window_start and c.window_end <> x.ends;
  -- the next use opens them again
  update subctl.usage_state s set epoch = -1, credits_due_at = null where s.customer_id = $1;
end $$;
