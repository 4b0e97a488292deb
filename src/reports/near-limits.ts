import type { Db } from '../database/connect.ts';

/** A customer who has used much of a limit. */
export interface NearLimit {
  customer: string;
  member: string | null;
  plan: string | null;
  meter: string;
  window: string;
  used: string;
  limit: string;
  percent: string;
  resets_at: Date | null;
}

/**
 * The fullest windows that are open at `now`, of 80 % and more, the fullest first; sliding windows are no rows and not among them.
 * A limit of 0 is no share of anything. Only windows that have used enough of the smallest limit of their name are looked at further.
 */
export async function listNearLimits(
  db: Db,
  { now, count }: { now: Date; count: number },
): Promise<NearLimit[]> {
  return db<NearLimit[]>`
    with smallest as (
      select x.meter_id, x.win, x.scope, min(x.value) as value
        from (select l.meter_id, l."window" as win, l.scope, l.limit_value as value from subctl.plan_limits l
              union all
              select o.meter_id, o."window", o.scope, o.limit_value from subctl.limit_overrides o) x
       where x.value > 0 group by 1, 2, 3
    ), w as materialized (
      select x.* from subctl.windows_at(${now}) x
        join smallest l on l.meter_id = x.meter_id and l.win = x.win and l.scope = x.scope and x.used * 100 >= l.value * 80
    )
    select w.customer_id as customer, nullif(w.subject, '') as member, s.plan_id as plan, w.meter_id as meter, w.win as "window", trim_scale(w.used)::text as used,
           trim_scale(l.value)::text as "limit", trim_scale(round(w.used * 100 / l.value, 2))::text as percent, nullif(w.window_end, 'infinity') as resets_at
      from w
      join subctl.standings(${now}, array(select distinct x.customer_id from w x)) s on s.customer_id = w.customer_id and s.access
      left join subctl.limit_overrides o
        on o.customer_id = w.customer_id and o.meter_id = w.meter_id and o."window" = w.win and o.scope = w.scope
       and o.starts_at <= ${now} and (o.ends_at is null or o.ends_at > ${now})
      left join subctl.plan_limits p on p.plan_id = s.plan_id and p.version = s.version and p.meter_id = w.meter_id and p."window" = w.win and p.scope = w.scope
     cross join lateral (select case when o.customer_id is not null then o.limit_value else p.limit_value end as value) l
     where l.value > 0 and w.used * 100 >= l.value * 80
     order by w.used / l.value desc, w.customer_id collate "C", w.meter_id collate "C", w.win collate "C" limit ${count}`;
}
