import { hostname } from 'node:os';
import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import type { daemons } from '../database/schema/tasks.ts';

/** A daemon as it last said that it was at work. */
export type Daemon = Row<typeof daemons>;

/** A daemon that has said nothing for longer than this is taken to be gone. */
const silenceSeconds = 120;

/**
 * Says that daemon `id` is at work, and gives whether somebody has asked it to stop. Every half a minute is often enough to write it
 * down; rows of daemons that are gone go with it.
 */
export async function heartbeat(db: Db, { id, program }: { id: string; program: string }): Promise<boolean> {
  const [row] = await db<{ stop: boolean; quiet: boolean }[]>`
    select stop_requested as stop, seen_at < clock_timestamp() - interval '30 seconds' as quiet
      from subctl.daemons where id = ${id}`;
  if (row && !row.quiet) return row.stop;
  await db`
    with gone as (
      delete from subctl.daemons where id <> ${id} and seen_at < clock_timestamp() - interval '1 day'
    )
    insert into subctl.daemons (id, host, pid, program, started_at, seen_at)
    values (${id}, ${hostname()}, ${process.pid}::int, ${program}, clock_timestamp(), clock_timestamp())
    on conflict (id) do update set seen_at = excluded.seen_at`;
  return row?.stop ?? false;
}

/** Takes the daemon's row away: it has stopped. */
export async function unregister(db: Db, id: string): Promise<void> {
  await db`delete from subctl.daemons where id = ${id}`;
}

/** The daemons that are at work, on one host or on all, the longest running first. */
export async function listDaemons(db: Db, host: string | null = null): Promise<Daemon[]> {
  return db<Daemon[]>`
    select * from subctl.daemons
     where seen_at >= clock_timestamp() - ${silenceSeconds}::int * interval '1 second' and (${host}::text is null or host = ${host})
     order by started_at, id`;
}

/** Asks daemons to stop, as SIGTERM does where there are signals: they see it within seconds. Gives those that were asked. */
export async function requestStop(db: Db, host: string | null = null): Promise<Daemon[]> {
  return db<Daemon[]>`
    update subctl.daemons set stop_requested = true
     where seen_at >= clock_timestamp() - ${silenceSeconds}::int * interval '1 second' and (${host}::text is null or host = ${host})
    returning *`;
}
