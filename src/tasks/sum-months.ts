import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** A month of usage events, a partition: the first of the month, and the name of the table. */
export interface UnsummedMonth {
  month: string;
  name: string;
}

/**
 * The months of events whose days are to be summed at `asOf`, oldest first: over for two days, by when most late uses are there, and without
 * sums that hold. One that starts too late for the settings' zone to have a day in it cannot be; one without events need not be.
 */
export async function listUnsummedMonths(db: Db, asOf: Date): Promise<UnsummedMonth[]> {
  return db<UnsummedMonth[]>`
    select p.month::text, p.name
      from (select to_date(substring(c.relname from '\\d{4}_\\d{2}$'), 'YYYY_MM') as month, c.relname as name
              from (select i.inhrelid from pg_inherits i
                     where i.inhparent = 'subctl.usage_events'::regclass and pg_relation_size(i.inhrelid) > 0 offset 0) f
              join pg_class c on c.oid = f.inhrelid where c.relname ~ '^usage_events_\\d{4}_\\d{2}$') p
     where (p.month + interval '1 month') at time zone 'UTC' <= ${asOf}::timestamptz - interval '48 hours'
       and not exists (select from subctl.summed_months s where s.month = p.month)
     order by p.month`;
}

/** Takes the old sums away; from its commit on whoever writes to the month leaves a mark. @throws 55P03 when the lock is not to be had in 50 ms */
export async function sealMonth(tx: Db, month: string): Promise<void> {
  await tx`select set_config('lock_timeout', '50ms', true)`;
  await call(tx, 'subctl_internal.seal_usage_month', { p_month: month });
}

/** Sums a month that is sealed. */
export async function sumMonth(tx: Db, month: string): Promise<void> {
  await tx`select subctl_internal.sum_usage_month(${month}::date, coalesce(subctl_internal.setting('timezone'), 'UTC'))`;
}
