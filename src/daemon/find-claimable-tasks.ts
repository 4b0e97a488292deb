import type { Db } from '../database/connect.ts';

/** A task that can be claimed now. */
export interface ClaimableTask {
  task: string;
  nextDue: Date;
}

/** What the timetable in the database says at one moment. */
export interface ClaimableTasks {
  /** due, without a lease, and not waiting after a failure; the longest waiting first */
  due: ClaimableTask[];
  /** when the next instant comes; undefined when there is none */
  next: Date | undefined;
}

/**
 * Asks the timetable what is due at `now`. A task that failed waits before it is tried again: a quarter of the lease, then twice as long
 * each time, seven and a half leases at most (30 seconds to 15 minutes with the usual lease). The pause is counted by the database, so
 * that many daemons together try no more often than one.
 */
export async function findClaimableTasks(
  db: Db,
  { now, tasks, leaseMs }: { now: Date; tasks: readonly string[]; leaseMs: number },
): Promise<ClaimableTasks> {
  const due = await db<ClaimableTask[]>`
    select task, next_due as "nextDue"
      from subctl.jobs
     where enabled and not switched_off and next_due <= ${now} and task = any(${tasks as string[]}::text[])
       and (lease_until is null or lease_until < clock_timestamp())
       and (failures = 0 or last_finished_at is null
            or last_finished_at + least(power(2, least(failures, 10) - 1) / 4, 7.5) * ${leaseMs}::int * interval '1 ms' <= clock_timestamp())
     order by next_due, task`;
  const [row] = await db<[{ next: Date | null }]>`
    select min(next_due) as next from subctl.jobs
     where enabled and not switched_off and next_due > ${now} and task = any(${tasks as string[]}::text[])`;
  return { due, next: row.next ?? undefined };
}
