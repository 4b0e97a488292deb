import type { Db } from './connect.ts';
import { instantText } from './values.ts';

/** Bounds of a read of events, as the database reads them: from `from` to before `to`. */
export interface EventSpan {
  from: string;
  to: string;
}

/**
 * Narrows the bounds of a read of events to the months that hold any. A bound that is not given becomes the start of the first such month,
 * or the end of the last, so that the planner leaves out the partitions of all other months. Rows outside the monthly partitions, and
 * tables whose rows are on other servers, leave the bounds as they are.
 */
export async function findEventSpan(
  db: Db,
  { from, to }: { from?: Date | undefined; to?: Date | undefined },
): Promise<EventSpan> {
  const [row] = await db<[{ from: string | null; to: string | null }]>`
    select case when bool_and(p.month is not null) then (min(p.month) at time zone 'UTC')::text end as "from",
           case when bool_and(p.month is not null) then ((max(p.month) + interval '1 month') at time zone 'UTC')::text end as "to"
      from (select to_date(substring(c.relname from '^usage_events_(\\d{4}_\\d{2})$'), 'YYYY_MM')::timestamp as month
              from (select i.inhrelid from pg_inherits i
                     where i.inhparent = 'subctl.usage_events'::regclass and pg_relation_size(i.inhrelid) > 0 offset 0) f
              join pg_class c on c.oid = f.inhrelid) p`;
  return {
    from: from ? instantText(from) : (row.from ?? '-infinity'),
    to: to ? instantText(to) : (row.to ?? 'infinity'),
  };
}
