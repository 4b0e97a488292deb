import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** A month of usage events that is older than the retention. */
export interface OldMonth {
  name: string;
  end: Date;
  /** cut off by a run that ended before it was dropped */
  detached: boolean;
}

/** The months, from last month to two years ahead, that have no partition yet. */
export async function listMissingMonths(db: Db, asOf: Date): Promise<string[]> {
  const rows = await db<{ name: string }[]>`
    select 'usage_events_' || to_char(m, 'YYYY_MM') as name
      from date_trunc('month', ${asOf}::timestamptz at time zone 'UTC') t,
           generate_series(t - interval '1 month', t + interval '24 months', interval '1 month') m
     where to_regclass('subctl.usage_events_' || to_char(m, 'YYYY_MM')) is null
     order by m`;
  return rows.map(({ name }) => name);
}

/** Makes them. @throws 55P03 when the table cannot be had in 50 ms: recording must not wait for this */
export async function makeMonths(tx: Db, asOf: Date): Promise<number> {
  await briefly(tx);
  return (await call(tx, 'subctl_internal.ensure_partitions', { as_of: asOf }))!;
}

/** The months of usage events that end before the retention (`events_months`, 13) begins at `asOf`, oldest first. */
export async function listOldMonths(db: Db, asOf: Date): Promise<OldMonth[]> {
  return db<OldMonth[]>`
    with months as (
      select c.relname as name, c.oid,
             (to_date(substring(c.relname from '\\d{4}_\\d{2}$'), 'YYYY_MM') + interval '1 month') at time zone 'UTC' as "end"
        from pg_class c
       where c.relnamespace = 'subctl'::regnamespace and c.relkind = 'r' and c.relname ~ '^usage_events_\\d{4}_(0[1-9]|1[0-2])$'
    )
    select m.name, m."end", not exists (select 1 from pg_inherits i where i.inhrelid = m.oid) as detached
      from months m
     where m."end" <= (date_trunc('month', ${asOf}::timestamptz at time zone 'UTC')
                       - make_interval(months => coalesce(subctl_internal.setting('events_months')::int, 13))) at time zone 'UTC'
     order by m."end"`;
}

/**
 * What still needs the events before `end`: windows that began before it and are not closed, so that their sum is nowhere else.
 * Windows without an end of their own (lifetime, term, session) are counted in the customer's state and need no events.
 */
export async function countOpenWindowsBefore(db: Db, end: Date): Promise<number> {
  const [row] = await db<[{ open: number }]>`
    select count(*)::int as open
      from (select 1 from subctl.open_windows w
             where w.window_start < ${end} and w."window" !~ '^(lifetime|term|session|each|rolling_)') w`;
  return row.open;
}

/**
 * Cuts a month off the table, which takes a lock on all of it for an instant, and notes from when on all events are kept: the books count
 * nothing again that began before. @throws 55P03 when the lock is not to be had in 50 ms
 */
export async function detachMonth(tx: Db, { name, end }: { name: string; end: Date }): Promise<void> {
  await briefly(tx);
  await tx`alter table subctl.usage_events detach partition ${tx(`subctl.${name}`)}`;
  await tx`
    insert into subctl.settings (key, value) values ('events_from', to_jsonb(subctl_internal.iso(${end})))
    on conflict (key) do update set value = excluded.value where (settings.value #>> '{}')::timestamptz < ${end}`;
  await tx`select subctl_internal.drop_usage_sums(s.month) from subctl.usage_sums s where s.month + interval '1 month' = ${end}::timestamptz at time zone 'UTC'`;
}

export async function dropMonth(tx: Db, name: string): Promise<void> {
  await tx`drop table ${tx(`subctl.${name}`)}`;
}

async function briefly(tx: Db): Promise<void> {
  await tx`select set_config('lock_timeout', '50ms', true)`;
}
