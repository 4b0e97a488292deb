-- Lists windows that reach into the next one of their limit, with its start (R1). Where a change to another interval
-- restarts nothing the old windows end there and the new ones count from where they begin: these are left out. A free
-- plan that is assigned again continues its own windows, which count what another plan counted in between (R32).
create or replace view subctl.overlapping_windows as
select o.customer_id, o.meter_id, o."window", o.scope, o.subject, o.window_start, o.window_end, o.next_start
  from (select r.*, lead(r.window_start) over w as next_start
          from subctl.window_usage r
         where r."window" not like 'rolling%'
        window w as (partition by r.customer_id, r.meter_id, r."window", r.scope, r.subject
                         order by r.window_start, r.window_end)) o
 where o.next_start < o.window_end
   and not exists (select 1 from subctl.subscription_phases g
                    where g.customer_id = o.customer_id and g.from_at = o.window_end
                      and g.cause in ('upgrade', 'downgrade', 'migrate')
                      and o."window" ~ '^(period|every_)')
   -- a free plan that is assigned again continues its own windows (R32)
   and not exists (select 1 from subctl.subscription_phases g
                    where g.customer_id = o.customer_id and g.from_at > o.next_start and g.from_at <= o.window_end
                      and g.period_start < g.from_at
                      and g.cause in ('new', 'fallback', 'upgrade'))
   and not exists (select 1 from subctl_internal.effective_subscription(o.customer_id, o.window_end) e
                    where e.basis = 'fallback' and e.anchor < e.since and e.since > o.next_start
                      and e.since <= o.window_end);
