import Big from 'big.js';
import { type AlertRow } from '../alerts/list.ts';
import type { Db } from '../database/connect.ts';
import type { NearLimit } from './near-limits.ts';
import { readOpenWindows } from './open-windows.ts';
import { type RevenueRow, sumRevenue } from './revenue.ts';
import type { Span } from './span.ts';
import { type PlanStanding, countStandings } from './count-standings.ts';
import { type Summary, summariseUsage } from './summarise-usage.ts';
import { type Trends, listTrends } from './trends.ts';

export interface Dashboard {
  summary: Summary;
  /** the projected cost of the month, rounded half up to six places; null before its first day is over */
  projected_cost: string | null;
  plans: PlanStanding[];
  revenue: RevenueRow[];
  near_limits: NearLimit[];
  /** of the last seven days */
  alerts: { info: number; warning: number; error: number; unread: number; latest: AlertRow[] };
  trends: Trends;
}

/**
 * Reads the whole business at `now`, in one statement per part, whatever the number of customers; the customers' standings are evaluated
 * once for all parts.
 */
export async function findDashboard(
  db: Db,
  asked: { now: Date; past: boolean; span: Span; months: number },
): Promise<Dashboard> {
  const { now, span, months } = asked;
  const trends = await listTrends(db, { now, count: months });
  const standings = await countStandings(db, asked);
  const windows = await readOpenWindows(db, { now, span, near: 10 });
  return {
    summary: await summariseUsage(db, asked, { standing: standings.total, windows }),
    projected_cost: projectedCost(trends, now),
    plans: standings.plans,
    revenue: await sumRevenue(db, span),
    near_limits: windows.near_limits,
    alerts: await countAlerts(db, now),
    trends,
  };
}

const day = 86_400_000;

function projectedCost({ months }: Trends, now: Date): string | null {
  const { start, end, cost } = months.at(-1)!;
  const gone = now.getTime() - start.getTime();
  if (gone < day || cost === null) return null;
  return new Big(cost)
    .times(end.getTime() - start.getTime())
    .div(gone)
    .round(6, Big.roundHalfUp)
    .toFixed();
}

async function countAlerts(db: Db, now: Date): Promise<Dashboard['alerts']> {
  const latest = await db<(AlertRow & Omit<Dashboard['alerts'], 'latest'>)[]>`
    select a.meter_id as meter, a."window", nullif(a.window_start, '-infinity') as window_start, trim_scale(a.threshold)::text as threshold,
           trim_scale(a.used)::text as used, trim_scale(a.limit_value)::text as "limit", a.at, a.customer_id as customer, nullif(a.subject, '') as member,
           case when a.threshold >= 100 then 'error' when a.threshold >= 90 then 'warning' else 'info' end as severity, a.read_at,
           (count(*) filter (where a.threshold < 90) over ())::int as info, (count(*) filter (where a.threshold >= 90 and a.threshold < 100) over ())::int as warning,
           (count(*) filter (where a.threshold >= 100) over ())::int as error, (count(*) filter (where a.read_at is null) over ())::int as unread
      from subctl.alerts a where a.at > ${now}::timestamptz - interval '168 hours' and a.at <= ${now}
     order by a.at desc, a.threshold desc, a.customer_id collate "C", a.meter_id collate "C", a."window" collate "C" limit 5`;
  const { info = 0, warning = 0, error = 0, unread = 0 } = latest[0] ?? {};
  return {
    ...{ info, warning, error, unread },
    latest: latest.map(({ info: _i, warning: _w, error: _e, unread: _u, ...alert }) => alert),
  };
}
