import { type Connection, pidsOf } from './connect.ts';

/** A session that holds a lock for which one of ours waits. */
export interface Blocker {
  pid: number;
  user: string | null;
  application: string | null;
}

/** Who holds what the statements of the pool wait for. Behind a pooler, which has sessions of its own, nobody is found. */
export async function findBlockers(connection: Connection): Promise<Blocker[]> {
  const ours = pidsOf(connection);
  return await connection<Blocker[]>`
    select distinct b.pid, b.usename as user, nullif(b.application_name, '') as application
      from unnest(${ours as number[]}::int[]) as w(pid), unnest(pg_blocking_pids(w.pid)) as h(pid), pg_stat_activity b
     where b.pid = h.pid and b.pid <> all(${ours as number[]}::int[])
     order by b.pid`;
}
