import type { Db } from '../database/connect.ts';
import { type NearLimit, fullestOf } from './near-limits.ts';
import type { Span } from './span.ts';

/** Usage of one meter in all open windows of one name. */
export interface MeterUse {
  meter: string;
  window: string;
  customers: number;
  used: string;
  refused: string;
}

/** The windows of all customers at an instant. */
export interface OpenWindows {
  meters: MeterUse[];
  /** in windows that overlap the span, closed ones included */
  refusals: string;
  near_limits: NearLimit[];
}

interface Asked {
  now: Date;
  span: Span;
  /** how many limits near exhaustion to list */
  near: number;
}

/**
 * Reads the windows of all customers once: the usage of each meter in the windows that are open at `now`, the refusals of the span, and
 * the fullest limits. A window is open when it contains `now` and was not reset since it started; rolling windows are never open.
 */
export async function readOpenWindows(db: Db, { now, span, near }: Asked): Promise<OpenWindows> {
  const [row] = await db<[OpenWindows]>`
    with smallest as materialized (
      select x.meter_id, x.win, x.scope, min(x.value) * 0.8 as near
        from (select l.meter_id, l."window" as win, l.scope, l.limit_value as value from subctl.plan_limits l
              union all
              select o.meter_id, o."window", o.scope, o.limit_value from subctl.limit_overrides o) x
       where x.value > 0 group by 1, 2, 3
    ), kept as (${openState(db, now, span)}), counted as (${openCounters(db, now)}), sums as materialized (
      select w.meter_id, w."window" as win, w.scope, k.customers, k.used, k.refused, k.refused_in_span, k.full
        from kept k join subctl.meter_windows w on w.id = k.id
      union all
      select c.meter_id, c.win, c.scope, c.customers, c.used, c.refused, 0, c.full from counted c
    ), w as materialized (
      select s.meter_id, s.win, s.scope, f.*
        from sums s cross join lateral unnest(s.full) f(customer_id text, subject text, used numeric, window_end timestamptz)
    )
    select (select coalesce(json_agg(to_json(m) order by m.meter collate "C", m."window" collate "C"), '[]')
              from (select s.meter_id as meter, s.win as "window", sum(s.customers)::int as customers, trim_scale(sum(s.used))::text as used,
                           trim_scale(sum(s.refused))::text as refused
                      from sums s where s.customers > 0 group by 1, 2) m) as meters,
           (select trim_scale(coalesce(sum(s.refused_in_span), 0) + (${refusedInCounters(db, span)}))::text from sums s) as refusals,
           (select coalesce(json_agg(to_json(n) order by n.place), '[]') from (${fullestOf(db, now, near)}) n) as near_limits`;
  return {
    ...row,
    near_limits: row.near_limits.map(({ place: _, ...limit }: NearLimit & { place?: number }) => ({
      ...limit,
      resets_at: limit.resets_at === null ? null : new Date(limit.resets_at),
    })),
  };
}

/** SQL: a window `w` of the meter `m` that a reset of usage does not end. */
const lasts = (db: Db) => db`
  m.tier = 'free' or w."window" in ('lifetime', 'each', 'session') or w."window" like 'rolling%' as lasts, w."window" = 'term' as is_term`;

/** SQL: the window `o` of the kind `k` is open, for a customer with the subscription `u`. */
const isOpen = (db: Db, now: Date) => db`
  (o.window_start <= ${now} and o.window_end > ${now}
   and (u.usage_reset_at is null or u.usage_reset_at > ${now} or o.window_start >= u.usage_reset_at or k.lasts or k.is_term and u.ends_at is not null))`;

/** SQL: sums of the windows in the customers' rows, by the number of the meter window; `full` are those near the smallest limit. */
const openState = (db: Db, now: Date, { from, to }: Span) => db`
  select x.id, count(*) filter (where x.is_open and (x.used > 0 or x.refused > 0)) as customers, sum(x.used) filter (where x.is_open) as used,
         sum(x.refused) filter (where x.is_open) as refused,
         sum(x.refused) filter (where x.window_start < ${to} and x.window_end > ${from}) as refused_in_span,
         array_agg(row(x.customer_id, ''::text, x.used, x.window_end)) filter (where x.is_open and x.used >= x.near) as "full"
    from (select s.customer_id, o.*, k.near, ${isOpen(db, now)} as is_open
            from subctl.customer_windows s
            join subctl.usage_totals t on t.customer_id = s.customer_id
            left join subctl.subscriptions u on u.customer_id = s.customer_id and u.status in ('trialing', 'active', 'past_due', 'paused')
           cross join lateral unnest(s.ids, s.starts, s.ends, t.used, s.refused) o(id, window_start, window_end, used, refused)
            join (select w.id, l.near, ${lasts(db)} from subctl.meter_windows w join subctl.meters m on m.id = w.meter_id
                    left join smallest l on l.meter_id = w.meter_id and l.win = w."window" and l.scope = w.scope) k on k.id = o.id) x
   group by x.id`;

/** SQL: the same for open windows with a row of their own: those of members and sessions, and of late uses. */
const openCounters = (db: Db, now: Date) => db`
  select x.meter_id, x."window" as win, x.scope, count(*) filter (where x.used > 0 or x.refused > 0) as customers, sum(x.used) as used,
         sum(x.refused) as refused, array_agg(row(x.customer_id, x.subject, x.used, x.window_end)) filter (where x.used >= x.near) as "full"
    from (select o.*, l.near
            from subctl.usage_counters o
           cross join lateral (select ${lasts(db)} from subctl.meters m cross join (select o."window") w where m.id = o.meter_id) k
            left join subctl.subscriptions u on u.customer_id = o.customer_id and u.status in ('trialing', 'active', 'past_due', 'paused')
            left join smallest l on l.meter_id = o.meter_id and l.win = o."window" and l.scope = o.scope
           where o.closed_at is null and ${isOpen(db, now)}) x
   group by 1, 2, 3`;

const refusedInCounters = (db: Db, { from, to }: Span) => db`
  select coalesce(sum(c.refused), 0) from subctl.usage_counters c
   where c.refused > 0 and c.window_start < ${to} and c.window_end > ${from}`;
