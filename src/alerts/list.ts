import type { Row } from '../database/columns.ts';
import type { alerts } from '../database/schema/usage.ts';
import type { Db } from '../database/connect.ts';

export interface AlertFilter {
  customer?: string | undefined;
  meter?: string | undefined;
  unread: boolean;
  from?: Date | undefined;
  limit: number;
}

/** An alert: a customer reached a threshold. `severity` is info below 90 %, warning below 100 %, error from 100 %. */
export interface AlertRow extends Pick<
  Row<typeof alerts>,
  'window' | 'window_start' | 'threshold' | 'used' | 'at' | 'read_at'
> {
  customer: string;
  meter: string;
  member: string | null;
  limit: string;
  severity: 'info' | 'warning' | 'error';
}

/** Lists alerts, oldest first. */
export async function listAlerts(
  db: Db,
  { customer, meter, unread, from, limit }: AlertFilter,
): Promise<AlertRow[]> {
  return db<AlertRow[]>`
    select a.meter_id as meter, a."window", nullif(a.window_start, '-infinity') as window_start, trim_scale(a.threshold)::text as threshold,
           trim_scale(a.used)::text as used, trim_scale(a.limit_value)::text as "limit", a.at, a.customer_id as customer, nullif(a.subject, '') as member,
           case when a.threshold >= 100 then 'error' when a.threshold >= 90 then 'warning' else 'info' end as severity, a.read_at
      from subctl.alerts a
     where (${customer ?? null}::text is null or a.customer_id = ${customer ?? null}) and (${meter ?? null}::text is null or a.meter_id = ${meter ?? null})
       and (not ${unread}::boolean or a.read_at is null) and a.at >= ${from ?? '-infinity'}::timestamptz
     order by a.at, a.customer_id, a.meter_id collate "C", a."window" collate "C", a.threshold
     limit ${limit}`;
}
