import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { withTimeout } from '../database/timeout.ts';
import type { Connection } from '../database/connect.ts';
import type { MetricsSource } from '../http/metrics.ts';
import { type OutboxHealth, readOutboxHealth, readTaskHealth, type TaskHealth } from '../tasks/health.ts';
import type { Watcher } from '../tasks/watcher.ts';
import type { RunningDaemon } from './running-daemon.ts';

/** Each task's figures, by what the database knows: the same from every daemon, whoever ran the task. */
const taskGauges: [name: string, help: string, value: (task: TaskHealth) => number | null][] = [
  ['enabled', '1 when the timetable runs it, 0 when it is paused', ({ enabled }) => (enabled ? 1 : 0)],
  ['at_work', '1 while a run has its lease', ({ at_work }) => (at_work ? 1 : 0)],
  ['next_due_timestamp_seconds', 'When it is due next, or since when it is due', ({ next_due }) => seconds(next_due)],
  ['overdue_seconds', 'How long the instant that is due has waited', ({ overdue_seconds }) => overdue_seconds],
  ['stale', '1 when it is due for longer than its grace', ({ stale }) => (stale ? 1 : 0)],
  ['last_success_timestamp_seconds', 'When its last successful run ended', ({ last_success }) => last_success && seconds(last_success)],
  ['last_duration_seconds', 'How long its last run took', ({ duration_seconds }) => duration_seconds],
  ['last_lateness_seconds', 'How long after its instant the last run began', ({ lateness_seconds }) => lateness_seconds],
  ['failures', 'Failed runs since the last success', ({ failures }) => failures],
  ['parked_rows', 'Rows that it could not do, which wait for another try', ({ waiting }) => waiting],
]; // prettier-ignore

export interface DaemonMetrics {
  source: MetricsSource;
  /** counts the runs of this daemon */
  watcher: Watcher;
}

/** What `/metrics` says. `getDaemon` is asked at every scrape; while the database is away only `subctl_database_up` 0 and the process stay. */
export function openMetrics(
  getDaemon: () => RunningDaemon,
  build: { version: string; node: string },
): DaemonMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `subctl_${name}`, help, labelNames, registers });
  gauge('build_info', 'The program', Object.keys(build)).set(build, 1);
  const up = gauge('database_up', '1 when the database can be used');
  const tasks = taskGauges.map(
    ([name, help, value]) => [gauge(`task_${name}`, help, ['task']), value] as const,
  );
  const rows = gauge('task_last_rows', 'Rows of its last run, by what became of them', ['task', 'result']);
  const unsent = gauge('outbox_unsent', 'Notifications that are not delivered yet');
  const dead = gauge('outbox_dead', 'Notifications that were given up');
  const oldest = gauge('outbox_oldest_seconds', 'Age of the oldest notification that is not delivered yet');
  const ofTasks = [...tasks.map(([each]) => each), rows];

  async function refresh(): Promise<void> {
    const found = await read(getDaemon()).catch(() => undefined);
    ofTasks.forEach((each) => each.reset());
    up.set(found ? 1 : 0);
    if (!found) return [unsent, dead, oldest].forEach((each) => each.remove());
    for (const one of found.tasks) showTask(one);
    unsent.set(found.outbox.unsent);
    dead.set(found.outbox.dead);
    oldest.set(found.outbox.oldest_seconds);
  }

  function showTask(one: TaskHealth): void {
    const { task } = one;
    for (const [each, value] of tasks) {
      const now = value(one);
      if (now !== null) each.set({ task }, now);
    }
    for (const result of ['done', 'skipped', 'parked'] as const)
      if (one[result] !== null) rows.set({ task, result }, one[result]);
  }

  return {
    watcher: countRuns(registers),
    source: {
      contentType: registry.contentType,
      async metrics() {
        await refresh();
        return registry.metrics();
      },
    },
  };
}

async function read(daemon: RunningDaemon): Promise<{ tasks: TaskHealth[]; outbox: OutboxHealth }> {
  if (!daemon.session || daemon.outage) throw daemon.outage;
  const { db } = daemon.session;
  return withTimeout(readBoth(db, daemon), { ms: 5_000 });
}

async function readBoth(db: Connection, { clock, tasks }: RunningDaemon) {
  const now = await clock(db);
  return { tasks: await readTaskHealth(db, now, tasks), outbox: await readOutboxHealth(db, now) };
}

function countRuns(registers: Registry[]): Watcher {
  const runs = new Counter({
    name: 'subctl_daemon_runs_total',
    help: 'Runs of this daemon, by how they ended',
    labelNames: ['task', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'subctl_daemon_run_duration_seconds',
    help: 'How long the runs of this daemon took',
    labelNames: ['task'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3_600],
    registers,
  });
  const timers = new Map<string, () => void>();
  return {
    refused: () => undefined,
    started: ({ task }) => void timers.set(task, durations.startTimer({ task })),
    ended({ task }, { outcome }) {
      runs.inc({ task, outcome });
      timers.get(task)?.();
      timers.delete(task);
    },
  };
}

const seconds = (at: Date): number => at.getTime() / 1_000;
