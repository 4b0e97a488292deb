import { lostWindowsOf } from '../lost.ts';
import type { Proof } from '../proof.ts';

/** Every window that an event counted in has its row, and no two windows of one limit overlap. */
export const windowRows: Proof = {
  name: 'window rows',
  proves: 'Every window that an event counted in has its row, and no two windows of one limit overlap',
  disagreements: (db) => db`
    select l.customer_id as customer, concat_ws(' ', l.meter_id, l."window", nullif(l.subject, '')) as what,
           'a window from ' || case when l.starts > '-Infinity' then subctl.iso(to_timestamp(l.starts::float8)) else 'the beginning' end as expected,
           'none' as found
      from (${lostWindowsOf(db)}) l
    union all
    select o.customer_id, concat_ws(' ', o.meter_id, o."window", nullif(o.subject, '')), 'a start at or after ' || subctl.iso(o.before), subctl.iso(o.window_start)
      from (select r.*, lag(r.window_end) over (partition by r.customer_id, r.meter_id, r."window", r.scope, r.subject order by r.window_start, r.window_end) as before
              from subctl.window_usage r where r."window" not like 'rolling%') o
     where o.window_start < o.before
       -- a change to another rhythm that counted nothing anew ends the old windows, and the new ones count from where they begin
       and not exists (select from subctl.subscription_segments g
                        where g.customer_id = o.customer_id and g.from_at = o.before and g.cause in ('upgrade', 'downgrade', 'migrate')
                          and o."window" ~ '^(period|every_)')
    union all
    select c.customer_id, concat_ws(' ', c.meter_id, c."window", nullif(c.subject, '')), 'a start before ' || subctl.iso(c.window_end), subctl.iso(c.window_start)
      from subctl.usage_counters c where c.window_start >= c.window_end`,
};
