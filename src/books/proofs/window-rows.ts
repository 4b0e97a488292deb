import type { Proof } from '../proof.ts';

/** Every window that an event counted in has its row, and no two windows of one limit overlap. */
export const windowRows: Proof = {
  name: 'window rows',
  proves: 'Every window that an event counted in has its row, and no two windows of one limit overlap',
  disagreements: (db) => db`
    with named as (
      select distinct e.customer_id, w.id, case when w."window" = 'session' then e.session_id when w.scope = 'member' then e.member_id else '' end as subject,
             e.result[g.i + 3] as starts
        from subctl.usage_events e
       cross join lateral generate_series(4, cardinality(e.result), 5) g(i)
        join subctl.meter_windows w on w.id = e.result[g.i]
       where w."window" <> 'each' and w."window" not like 'rolling%' and e.result[g.i + 3] is not null
    ), rows as (
      select w.customer_id, w.meter_id, w."window", w.scope, w.subject, w.window_start, w.window_end from subctl.window_usage w where w."window" not like 'rolling%'
    )
    select n.customer_id as customer, concat_ws(' ', w.meter_id, w."window", nullif(n.subject, '')) as what,
           'a window from ' || case when isfinite(t.starts) then subctl.iso(t.starts) else 'the beginning' end as expected, 'none' as found
      from named n
      join subctl.meter_windows w on w.id = n.id
     cross join lateral (select to_timestamp(n.starts::float8) as starts) t
     where not exists (select from rows r
                        where r.customer_id = n.customer_id and r.meter_id = w.meter_id and r."window" = w."window" and r.scope = w.scope
                          and r.subject = n.subject and extract(epoch from r.window_start) = n.starts)
    union all
    select o.customer_id, concat_ws(' ', o.meter_id, o."window", nullif(o.subject, '')), 'a start at or after ' || subctl.iso(o.before), subctl.iso(o.window_start)
      from (select r.*, lag(r.window_end) over (partition by r.customer_id, r.meter_id, r."window", r.scope, r.subject order by r.window_start, r.window_end) as before
              from rows r) o
     where o.window_start < o.before
    union all
    select c.customer_id, concat_ws(' ', c.meter_id, c."window", nullif(c.subject, '')), 'a start before ' || subctl.iso(c.window_end), subctl.iso(c.window_start)
      from subctl.usage_counters c where c.window_start >= c.window_end`,
};
