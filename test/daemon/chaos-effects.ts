import { setTimeout as sleep } from 'node:timers/promises';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { nextInstant, nextInstants } from '../../src/scheduler/next.ts';
import { begin, expressions, timezone } from './chaos-world.ts';

/**
 * Which instants the effective runs answer for: from their own up to the next one's. Every run must be that of an instant, the first that
 * its predecessor left, and none may come twice.
 */
export async function effectsOf(url: string, end: Date) {
  const sql = connectTo(parseDatabaseUrl(url), 1);
  const rows = await sql<{ task: string; at: Date; as_of: Date; outcome: string }[]>`
    select task, scheduled_for as at, as_of, outcome from subctl.job_runs order by task, scheduled_for, sequence`;
  const jobs = await sql<
    { task: string; next: Date }[]
  >`select task, next_due as next from subctl.jobs where not switched_off`;
  await sql.end({ timeout: 5 });
  const found = {
    runs: rows.length,
    taken: 0,
    instants: 0,
    effective: 0,
    lost: [] as string[],
    doubled: [] as string[],
  };
  found.taken = rows.filter(({ outcome }) => outcome === 'lost').length;
  for (const [task, cron] of Object.entries(expressions)) {
    const schedule = { cron, timezone };
    const effective = rows.filter((row) => row.task === task && /^(done|incomplete)$/.test(row.outcome));
    let expected = nextInstant(schedule, begin).getTime();
    for (const { at, as_of: asOf } of effective) {
      if (at.getTime() < expected) found.doubled.push(`${task} ${at.toISOString()}`);
      else if (at.getTime() > expected)
        found.lost.push(`${task} ${new Date(expected).toISOString()} … ${at.toISOString()}`);
      expected = nextInstant(schedule, asOf).getTime();
    }
    if (jobs.find((job) => job.task === task)!.next.getTime() !== expected || expected <= end.getTime())
      found.lost.push(`${task} after ${new Date(expected).toISOString()}`);
    found.effective += effective.length;
    const all = nextInstants(schedule, begin, 100_000 / 24);
    found.instants += all.filter((at) => at <= end).length;
  }
  return found;
}

/** The test's own way to a database that is restarted: what fails is done again. */
export function persistent(url: string) {
  let sql = connectTo(parseDatabaseUrl(url), 3);
  return {
    get: () => sql,
    async retry<T>(work: (db: Connection) => PromiseLike<T>): Promise<T> {
      for (let attempt = 0; ; attempt++) {
        try {
          return await work(sql);
        } catch (error) {
          if (attempt > 200) throw error;
          await sleep(50);
          if (attempt % 20 === 19) {
            void sql.end({ timeout: 0 });
            sql = connectTo(parseDatabaseUrl(url), 3);
          }
        }
      }
    },
    end: () => sql.end({ timeout: 1 }),
  };
}

/** Numbers from 0 up to 1, always the same for a seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
