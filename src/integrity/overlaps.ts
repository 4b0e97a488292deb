import type { Db } from '../database/connect.ts';
import type { Statement } from './check.ts';

/**
 * Windows of one limit that reach into the one after them: customer_id, meter_id, window, scope, subject, window_start, window_end, and
 * `before`, where the next begins. Where a change to another rhythm counted nothing anew the old windows end there, and the new ones count from
 * where they begin: these are none.
 */
export function overlapsOf(db: Db): Statement {
  return db`
    select o.customer_id, o.meter_id, o."window", o.scope, o.subject, o.window_start, o.window_end, o.next_start
      from (select r.*, lead(r.window_start) over (partition by r.customer_id, r.meter_id, r."window", r.scope, r.subject
                                                    order by r.window_start, r.window_end) as next_start
              from subctl.window_usage r where r."window" not like 'rolling%') o
     where o.next_start < o.window_end
       and not exists (select from subctl.subscription_segments g
                        where g.customer_id = o.customer_id and g.from_at = o.window_end and g.cause in ('upgrade', 'downgrade', 'migrate')
                          and o."window" ~ '^(period|every_)')
       -- a free plan that is taken again goes on with its own windows, which count what another plan's did between (R32)
       and not exists (select from subctl.subscription_segments g
                        where g.customer_id = o.customer_id and g.from_at > o.next_start and g.from_at <= o.window_end and g.period_start < g.from_at
                          and g.cause in ('new', 'fallback', 'upgrade'))
       and not exists (select from subctl.effective_subscription(o.customer_id, o.window_end) e
                        where e.basis = 'fallback' and e.anchor < e.since and e.since > o.next_start and e.since <= o.window_end)`;
}
