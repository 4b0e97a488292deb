-- Moves what ends with a subscription's period, or is counted on its clock, when the period's end moves: open windows,
-- live credits (R34a). `infinity` is an unknown end while a clock is stopped. Windows that the period shortened end
-- where the calendar or the new end says; their counts stay. Windows that were over before belong to another schedule,
-- and stay. The caller has locked the customer, and written the subscription and its history.
create or replace function subctl_internal.move_period_end(
  p_customer text, p_subscription uuid, p_was timestamptz, p_ends timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform subctl_internal.flush_windows(p_customer, 'infinity');
  update subctl.usage_counters c set window_end = x.ends
    from (
      select o.meter_id, o."window", o.scope, o.subject, o.window_start,
             upper(subctl_internal.limit_window(p_customer, k.kind, k.n, m.tier is distinct
                                                from 'free', b.at, s.anchor, s.anchor_timezone,
                                                s.current_period_start, p_ends, o.window_start)) as ends
        from subctl.subscriptions s
        join subctl.usage_counters o on o.customer_id = s.customer_id and o.closed_at is null
        join subctl.meters m on m.id = o.meter_id
       cross join lateral subctl_internal.window_kind(o."window") k
       -- a window that began before the period and is open in it is counted on its clock
       cross join lateral (select greatest(o.window_start,
                                           case when k.kind like 'anchored%' then s.current_period_start end) as at) b
       where s.customer_id = p_customer and s.id = p_subscription
         and k.kind not in ('lifetime', 'each', 'session', 'rolling_hour')
         and (o.window_end >= least(p_was, p_ends) or k.kind like 'anchored%') and o.window_end > s.from_at
         and (o.window_start >= least(s.current_period_start, s.usage_reset_at)
           or k.kind like 'anchored%' and o.window_end > s.current_period_start) and o.window_start < p_ends) x
   where c.customer_id = p_customer and c.meter_id = x.meter_id and c."window" = x."window" and c.scope = x.scope
     and c.subject = x.subject
     and c.window_start = x.window_start and c.window_end <> x.ends;
  update subctl.credit_grants g set expires_at = p_ends
    where g.customer_id = p_customer and g.expired_at is null and g.expires_at = p_was;
  update subctl.credit_grants g set expires_at = x.ends
    from (
      select l.id, upper(subctl_internal.anchored_window(p_customer, 'anchored_' || i.unit, i.n,
                                                         greatest(l.granted_at, s.current_period_start),
                                                         s.anchor, s.anchor_timezone, s.current_period_start,
                                                         p_ends)) as ends
        from subctl.subscriptions s
        join subctl.plan_versions v on v.plan_id = s.plan_id and v.version = s.version and v.credits_every is not null
       cross join lateral subctl_internal.interval_parts(v.credits_every) i
        join subctl.credit_grants l on l.customer_id = s.customer_id and l.expired_at is null
          and l.source in ('plan', 'rollover', 'reset')
                                   and l.granted_at < p_ends and l.expires_at > s.current_period_start
       where s.customer_id = p_customer and s.id = p_subscription) x
   where g.customer_id = p_customer and g.id = x.id and g.expires_at <> x.ends;
end $$;
