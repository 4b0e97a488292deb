import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, subctl, wholeNumber } from '../columns.ts';

/** A task's place in the timetable: when it is next due, and who holds its lease. */
export const taskStates = subctl.table(
  'jobs',
  {
    task: text('task').primaryKey(),
    cron: text('cron').notNull(),
    timezone: text('timezone').notNull().default('UTC'),
    /** false: paused by an operator */
    enabled: boolean('enabled').notNull().default(true),
    /** true: taken off the timetable by the settings */
    switchedOff: boolean('switched_off').notNull().default(false),
    catchUp: text('catch_up').notNull().default('latest'),
    /** in seconds; null: half the period, twelve hours at most */
    grace: integer('grace'),
    nextDue: instant('next_due'),
    stopRequested: boolean('stop_requested').notNull().default(false),
    leaseOwner: text('lease_owner'),
    leaseToken: wholeNumber('lease_token')
      .notNull()
      .default(sql`0`),
    leaseUntil: instant('lease_until'),
    leasedFor: instant('leased_for'),
    lastFinishedAt: instant('last_finished_at'),
    lastSuccessAt: instant('last_success_at'),
    failures: integer('failures').notNull().default(0),
  },
  () => [check('jobs_catch_up_check', sql`catch_up in ('latest', 'none', 'all')`)],
);

/** One run of a task: the instant it answers for, who ran it, what it did. */
export const jobRuns = subctl.table(
  'job_runs',
  {
    task: text('task').notNull(),
    scheduledFor: instant('scheduled_for').notNull(),
    sequence: integer('sequence').notNull(),
    asOf: instant('as_of').notNull(),
    trigger: text('trigger').notNull(),
    actor: text('actor').notNull(),
    host: text('host').notNull(),
    pid: integer('pid').notNull(),
    token: wholeNumber('token').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    outcome: text('outcome').notNull().default('running'),
    done: integer('done').notNull().default(0),
    skipped: integer('skipped').notNull().default(0),
    parked: integer('parked').notNull().default(0),
    late: boolean('late').notNull().default(false),
    /** how many seconds after its instant a run of the timetable was made; null for an extra run */
    lateBy: integer('late_by'),
    error: text('error'),
    note: text('note'),
    asked: jsonb('asked').notNull().default({}),
    changeId: text('change_id'),
  },
  (t) => [
    primaryKey({ columns: [t.task, t.scheduledFor, t.sequence] }),
    index('job_runs_started_idx').on(t.startedAt),
    check(
      'job_runs_outcome_check',
      sql`outcome in ('running', 'done', 'incomplete', 'failed', 'interrupted', 'lost')`,
    ),
  ],
);

/** A daemon at work, as it last said so, and whether it was asked to stop. */
export const daemons = subctl.table('daemons', {
  id: text('id').primaryKey(),
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  program: text('program').notNull(),
  startedAt: instant('started_at').notNull(),
  seenAt: instant('seen_at').notNull(),
  stopRequested: boolean('stop_requested').notNull().default(false),
});

/** A row that a task or an import could not do (R41). */
export const parked = subctl.table(
  'parked',
  {
    task: text('task').notNull(),
    customerId: text('customer_id').notNull(),
    id: text('id').notNull(),
    reason: text('reason').notNull(),
    attempts: integer('attempts').notNull().default(1),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    lastError: text('last_error').notNull(),
    nextTryAt: instant('next_try_at'),
    payload: jsonb('payload').notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.task, t.customerId, t.id] }), index('parked_due_idx').on(t.nextTryAt)],
);
