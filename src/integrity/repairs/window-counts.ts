import type { Change } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';
import type { Statement } from '../check.ts';
import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/** Sets every window to what its events say: those in the row of open windows, and those with a row of their own. */
export const windowCounts: Repair = {
  name: 'windows',
  run: async (tx, change) => (await countOpen(tx, change)) + (await countRows(tx, change)),
};

/** Lists windows with a wrong count, except those that overlap the next one: their bounds are wrong, and so is the set of their events. */
function wrongCounts(tx: Db): Statement {
  return tx`
    select r.* from subctl.recounted_windows r
     where r.used <> r.counted and not exists (
       select from subctl.overlapping_windows o
        where o.customer_id = r.customer_id and o.meter_id = r.meter_id and o."window" = r."window" and o.scope = r.scope and o.subject = r.subject
          and o.window_start = r.window_start)`;
}

function countOpen(tx: Db, change: Change): Promise<number> {
  return audited(
    tx,
    change,
    tx`
    with wrong as (${wrongCounts(tx)}), slots as (
      select s.customer_id, o.n, o.used, o.used + coalesce(w.counted - w.used, 0) as ought, w.customer_id is not null as differs,
             concat_ws(' ', m.meter_id, m."window") as name
        from subctl.customer_windows s
        join subctl.usage_totals t on t.customer_id = s.customer_id
       cross join lateral unnest(s.ids, s.starts, t.used) with ordinality o(id, window_start, used, n)
        join subctl.meter_windows m on m.id = o.id
        left join wrong w on w.customer_id = s.customer_id and w.meter_id = m.meter_id and w."window" = m."window" and w.scope = m.scope
                         and w.subject = '' and w.window_start = o.window_start
       where s.customer_id in (select customer_id from wrong)
    ), ought as (
      select customer_id, array_agg(ought order by n) as used, jsonb_object_agg(name, trim_scale(used)::text) filter (where differs) as before,
             jsonb_object_agg(name, trim_scale(ought)::text) filter (where differs) as after
        from slots group by 1 having bool_or(differs) and bool_and(ought >= 0)
    )
    update subctl.usage_totals t set used = o.used from ought o where t.customer_id = o.customer_id
    returning t.customer_id, 'open windows' as entity, t.customer_id as entity_key, o.before, o.after`,
  );
}

function countRows(tx: Db, change: Change): Promise<number> {
  return audited(
    tx,
    change,
    tx`
    with wrong as (${wrongCounts(tx)}), ought as (
      select c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start, c.used as was, c.used + w.counted - w.used as used
        from subctl.usage_counters c
        join wrong w on w.customer_id = c.customer_id and w.meter_id = c.meter_id and w."window" = c."window" and w.scope = c.scope
                    and w.subject = c.subject and w.window_start = c.window_start
       where c.used + w.counted - w.used >= 0
    )
    update subctl.usage_counters c set used = o.used
      from ought o
     where c.customer_id = o.customer_id and c.meter_id = o.meter_id and c."window" = o."window" and c.scope = o.scope and c.subject = o.subject
       and c.window_start = o.window_start
    returning c.customer_id, 'usage window' as entity, concat_ws(' ', c.meter_id, c."window", nullif(c.subject, ''), 'from', subctl_internal.iso(c.window_start)) as entity_key,
              jsonb_build_object('used', trim_scale(o.was)::text) as before, jsonb_build_object('used', trim_scale(c.used)::text) as after`,
  );
}
