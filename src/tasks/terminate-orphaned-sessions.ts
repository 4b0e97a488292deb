import type { Db } from '../database/connect.ts';

/** What the transactions of a run are called in pg_stat_activity: `subctl check-expired 41`. */
export const transactionName = (task: string, token: string): string => `subctl ${task} ${token}`;

/**
 * Ends the transactions that a run of `task` has left open: of the run `token`, or without it of one whose lease is over. A client that is stopped, cut off
 * or killed keeps its locks as long as the server waits for it, and that may be for ever: between the parts of one statement no timeout
 * counts. Only transactions of our own role can be seen and ended.
 */
export async function terminateOrphanedSessions(
  db: Db,
  task: string,
  token: string | null = null,
): Promise<void> {
  await db`
    select pg_terminate_backend(a.pid)
      from subctl.jobs j
      join pg_stat_activity a on a.application_name = ${transactionName(task, '')} || j.lease_token
     where j.task = ${task} and j.lease_owner is not null
       and (j.lease_token = ${token}::bigint or (${token}::bigint is null and j.lease_until < clock_timestamp()))
       and a.datname = current_database() and a.usename = current_user and a.pid <> pg_backend_pid()`;
}
