import { hostname } from 'node:os';
import type { Connection, Db } from '../database/connect.ts';
import { checkWriteTime } from '../database/change.ts';
import { Failure } from '../domain/failure.ts';
import { terminateOrphanedSessions } from './terminate-orphaned-sessions.ts';
import type { CatchUp } from '../scheduler/timetable.ts';
import { addTaskStates, earlyMs } from './task-states.ts';

/** Who asks for which run. */
export interface ClaimRequest {
  task: string;
  /** the business's now; it also decides what is due */
  now: Date;
  /** `named`: the task was asked for and always runs. `due`: only if the timetable says so */
  mode: 'named' | 'due';
  /** the run answers for a part only (--limit, --customer), so it never stands for the due instant */
  partial?: boolean;
  /** the instant it answers for, when that is said (jobs run --scheduled-for) */
  scheduledFor?: Date | undefined;
  trigger: string;
  actor: string;
  /** arguments, for the history */
  asked?: Record<string, unknown>;
  /** how long its silence keeps others away; two minutes unless said */
  leaseMs?: number | undefined;
}

/** How long a run that says nothing keeps its lease. */
export const usualLeaseMs = 120_000;

/** A run that holds its task's lease. */
export interface Run {
  task: string;
  token: string;
  scheduledFor: Date;
  sequence: number;
  asOf: Date;
  /** it stands for the due instant of the timetable, and moves it on when it is done */
  isDue: boolean;
  /** neither paused nor switched off */
  enabled: boolean;
  cron: string;
  timezone: string;
  catchUp: CatchUp;
  /** in seconds, where the settings give it */
  grace: number | null;
}

/**
 * Takes the lease of a task and opens the row of its run, in one statement. A run whose lease ran out is marked as lost.
 * By name the run is that of the due instant, or of one that is due within five minutes, else an extra one at `now`.
 * Undefined when the task is not due (mode `due`).
 * @throws Failure conflict when another run is at work, with who, since when and until when
 */
export async function claimRun(connection: Connection, request: ClaimRequest): Promise<Run | undefined> {
  for (const at of [request.now, request.scheduledFor]) if (at) await checkWriteTime(connection, at);
  for (let attempt = 0; attempt < 3; attempt++) {
    await terminateOrphanedSessions(connection, request.task);
    const run = await claim(connection, request);
    if (run) return run;
    const taskState = await findHolder(connection, request.task);
    if (!taskState) await addTaskStates(connection, request.now);
    else if (taskState.held) throw atWork(request.task, taskState);
    else if (request.mode === 'due') return undefined;
  }
  throw new Failure('unavailable', `The lease of ${request.task} changes hands too quickly to be taken`, {
    hint: 'try again',
  });
}

async function claim(db: Db, request: ClaimRequest): Promise<Run | undefined> {
  const { task, now, mode, partial = false, scheduledFor, trigger, actor, asked = {} } = request;
  const { leaseMs = usualLeaseMs } = request;
  const onlyDue = mode === 'due';
  const until = new Date(now.getTime() + (onlyDue ? 0 : earlyMs));
  const [run] = await db<Run[]>`
    with job as (
      update subctl.jobs j
         set lease_owner = ${owner()}, lease_token = j.lease_token + 1, lease_until = clock_timestamp() + ${leaseMs}::int * interval '1 ms',
             stop_requested = false,
             leased_for = case when not ${partial} and j.next_due <= ${until}
                                and coalesce(j.next_due = ${scheduledFor ?? null}::timestamptz, ${scheduledFor === undefined})
                               then j.next_due end
       where j.task = ${task} and (j.lease_until is null or j.lease_until < clock_timestamp())
         and (not ${onlyDue} or (j.enabled and not j.switched_off and j.next_due <= ${now}))
      returning j.task, j.lease_token, j.leased_for, j.cron, j.timezone, j.catch_up, j.grace, j.enabled and not j.switched_off as enabled
    ), lost as (
      update subctl.job_runs r
         set outcome = 'lost', finished_at = clock_timestamp(), error = 'its lease ran out and another run took over'
        from job where r.task = job.task and r.outcome = 'running'
    ), run as (
      insert into subctl.job_runs (task, scheduled_for, sequence, as_of, trigger, actor, host, pid, token, started_at, asked)
      select job.task, i.at,
             (select coalesce(max(r.sequence), 0) + 1 from subctl.job_runs r where r.task = job.task and r.scheduled_for = i.at),
             case when ${onlyDue} and job.catch_up = 'all' then i.at else ${now} end,
             ${trigger}, ${actor}, ${hostname()}, ${process.pid}::int, job.lease_token, clock_timestamp(), ${db.json(asked as never)}
        from job cross join lateral (select coalesce(job.leased_for, ${scheduledFor ?? now}::timestamptz) as at) i
      returning task, scheduled_for, sequence, as_of, token
    )
    select run.task, run.token, run.scheduled_for as "scheduledFor", run.sequence, run.as_of as "asOf",
           job.leased_for is not null as "isDue", job.enabled, job.cron, job.timezone, job.grace, job.catch_up as "catchUp"
      from run join job using (task)`;
  return run;
}

interface Holder {
  held: boolean;
  owner: string | null;
  since: Date | null;
  until: Date | null;
}

async function findHolder(db: Db, task: string): Promise<Holder | undefined> {
  const [taskState] = await db<Holder[]>`
    select coalesce(j.lease_until >= clock_timestamp(), false) as held, j.lease_owner as owner, j.lease_until as until, r.started_at as since
      from subctl.jobs j
      left join subctl.job_runs r on r.task = j.task and r.token = j.lease_token and r.outcome = 'running'
     where j.task = ${task}`;
  return taskState;
}

function atWork(task: string, { owner, since, until }: Holder): Failure {
  const time = (at: Date | null) => at?.toISOString().replace(/\.\d+Z$/, 'Z') ?? 'an unknown time';
  return new Failure(
    'conflict',
    `Another run of ${task} is at work: ${owner} since ${time(since)}, its lease lasts until ${time(until)} and is renewed while it works`,
    {
      hint: 'wait for it to end; see: subctl jobs list',
      details: { task, owner, since, until },
    },
  );
}

function owner(): string {
  return `${hostname()} (process ${process.pid})`;
}
