import { keptFrom } from '../proof.ts';
import type { Repair } from '../repair.ts';
import { audited } from './audited.ts';

/**
 * Makes the rows of windows that events counted in and that are not there any more, open and with nothing in them: the next repair counts
 * them, and the task closes those that are over. A window ends where its newest event saw its end, or where a reset or another
 * subscription cut it. How often uses were refused in it is lost.
 */
export const lostWindows: Repair = {
  name: 'lost windows',
  mends: ['window rows', 'open windows', 'customers'],
  run: (tx, change) =>
    audited(
      tx,
      change,
      tx`
      with named as (
        select distinct on (1, 2, 3, 4) e.customer_id, w.id, case when w."window" = 'session' then e.session_id when w.scope = 'member' then e.member_id else '' end as subject,
               e.result[g.i + 3] as starts, e.result[g.i + 4] as ends, w.meter_id, w."window", w.scope
          from subctl.usage_events e
         cross join lateral generate_series(4, cardinality(e.result), 5) g(i)
          join subctl.meter_windows w on w.id = e.result[g.i]
          join subctl.customers c on c.id = e.customer_id
         where w."window" <> 'each' and w."window" not like 'rolling%' and e.result[g.i + 3] is not null and e.at >= ${keptFrom(tx)}
         order by 1, 2, 3, 4, e.recorded_at desc, e.id desc
      ), lost as (
        select n.customer_id, n.meter_id, n."window", n.scope, n.subject, to_timestamp(n.starts::float8) as starts, to_timestamp(n.ends::float8) as ends,
               m.tier is distinct from 'free' and n."window" !~ '^(lifetime|each|session|rolling_)' as restarts
          from named n join subctl.meters m on m.id = n.meter_id
         where not exists (select from subctl.window_usage r
                            where r.customer_id = n.customer_id and r.meter_id = n.meter_id and r."window" = n."window" and r.scope = n.scope
                              and r.subject = n.subject and extract(epoch from r.window_start) = n.starts)
      )
      insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
      select l.customer_id, l.meter_id, l."window", l.scope, l.subject, l.starts,
             case when l.restarts then least(l.ends, (
               select min(x.at) from (select r.at from subctl.usage_resets r where r.customer_id = l.customer_id
                                      union all
                                      select s.started_at from subctl.subscriptions s where s.customer_id = l.customer_id) x where x.at > l.starts))
                  else l.ends end, 0, 0
        from lost l
      returning customer_id, 'usage window' as entity, concat_ws(' ', meter_id, "window", nullif(subject, '')) as entity_key, null::jsonb as before,
                jsonb_build_object('from', subctl.iso(window_start), 'to', subctl.iso(window_end)) as after`,
    ),
};
