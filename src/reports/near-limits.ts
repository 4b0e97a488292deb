import type { Db } from '../database/connect.ts';

/** A customer who is near a limit. */
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
 * SQL: the `count` fullest of the open windows `w`, of 80 % and more, the fullest first, with their rank. Rolling windows have no rows and
 * are not included. A limit of 0 has no share. `w` has the windows that have used enough of the smallest limit of their name.
 */
export const fullestOf = (db: Db, now: Date, count: number) => db`
  select w.customer_id as customer, nullif(w.subject, '') as member, s.plan_id as plan, w.meter_id as meter, w.win as "window", trim_scale(w.used)::text as used,
         trim_scale(l.value)::text as "limit", trim_scale(round(w.used * 100 / l.value, 2))::text as percent, nullif(w.window_end, 'infinity') as resets_at,
         row_number() over (${inOrder(db)}) as place
    from w
    join subctl_internal.standings(${now}, array(select distinct x.customer_id from w x)) s on s.customer_id = w.customer_id and s.access
    left join subctl.limit_overrides o
      on o.customer_id = w.customer_id and o.meter_id = w.meter_id and o."window" = w.win and o.scope = w.scope
     and o.starts_at <= ${now} and (o.ends_at is null or o.ends_at > ${now})
    left join subctl.plan_limits p on p.plan_id = s.plan_id and p.version = s.version and p.meter_id = w.meter_id and p."window" = w.win and p.scope = w.scope
   cross join lateral (select case when o.customer_id is not null then o.limit_value else p.limit_value end as value) l
   where l.value > 0 and w.used * 100 >= l.value * 80
   ${inOrder(db)} limit ${count}`;

const inOrder = (db: Db) =>
  db`order by w.used / l.value desc, w.customer_id collate "C", w.meter_id collate "C", w.win collate "C"`;
