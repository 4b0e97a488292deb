import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/**
 * Inserts the missing rows of windows that events counted in, open and empty. The next repair counts them, and a task closes those that
 * have ended. A window ends where its newest event recorded its end, or where a reset or another subscription cut it. Its number of
 * refusals is lost.
 */
export const lostWindows: Repair = {
  name: 'lost windows',
  run: (tx, change) =>
    audited(
      tx,
      change,
      tx`
      with lost as (
        select w.*, to_timestamp(w.starts::float8) as from_at, to_timestamp(w.ends::float8) as to_at
          from subctl.lost_windows w join subctl.customers c on c.id = w.customer_id
      )
      insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used, refused)
      select l.customer_id, l.meter_id, l."window", l.scope, l.subject, l.from_at,
             case when l.restarts then least(l.to_at, (
               select min(x.at) from (select r.at from subctl.usage_resets r where r.customer_id = l.customer_id
                                      union all
                                      select s.started_at from subctl.subscriptions s where s.customer_id = l.customer_id) x where x.at > l.from_at))
                  else l.to_at end, 0, 0
        from lost l
      returning customer_id, 'usage window' as entity, concat_ws(' ', meter_id, "window", nullif(subject, '')) as entity_key, null::jsonb as before,
                jsonb_build_object('from', subctl_internal.iso(window_start), 'to', subctl_internal.iso(window_end)) as after`,
    ),
};
