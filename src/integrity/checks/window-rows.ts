import { lostWindowsOf } from '../lost.ts';
import { overlapsOf } from '../overlaps.ts';
import type { Check } from '../check.ts';

/** Every window that an event counted in has its row, and no two windows of one limit overlap. */
export const windowRows: Check = {
  name: 'window rows',
  asserts: 'Every window that an event counted in has its row, and no two windows of one limit overlap',
  findings: (db) => db`
    select l.customer_id as customer, concat_ws(' ', l.meter_id, l."window", nullif(l.subject, '')) as what,
           'a window from ' || case when l.starts > '-Infinity' then subctl.iso(to_timestamp(l.starts::float8)) else 'the beginning' end as expected,
           'none' as found
      from (${lostWindowsOf(db)}) l
    union all
    select o.customer_id, concat_ws(' ', o.meter_id, o."window", nullif(o.subject, '')), 'a start at or after ' || subctl.iso(o.window_end), subctl.iso(o.next_start)
      from (${overlapsOf(db)}) o
    union all
    select c.customer_id, concat_ws(' ', c.meter_id, c."window", nullif(c.subject, '')), 'a start before ' || subctl.iso(c.window_end), subctl.iso(c.window_start)
      from subctl.usage_counters c where c.window_start >= c.window_end`,
};
