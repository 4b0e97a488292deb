import { checkWriteTime } from '../../database/change.ts';
import { getCustomerId } from '../../tasks/get-customer-id.ts';
import { runTask } from '../../tasks/run-task.ts';
import { loadTask } from '../../tasks/tasks.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { runSettings } from './run-settings.ts';
import { taskOutcome } from './task-outcome.ts';

interface Input {
  customer?: string | undefined;
  limit?: number | undefined;
  chargeMissed?: string | undefined;
}

/** Runs a task by its name, as crontabs, timers and users do. */
export function runNamed(name: string, trigger = 'command', scheduledFor?: Date) {
  return async (context: Context, { customer, limit, chargeMissed }: Input): Promise<Outcome> => {
    const connection = await context.database();
    const now = await context.now();
    const task = await loadTask(name, await context.services());
    if (customer !== undefined) await getCustomerId(connection, customer);
    const ask = { customer, limit, chargeMissed, keepRows: context.verbose };
    if (context.dryRun) {
      await checkWriteTime(connection, now);
      const rows = await task.preview(connection, { ...ask, asOf: now });
      const parked = rows.filter(({ action }) => action === 'park').length;
      return taskOutcome(
        { task: name, asOf: now, done: task.count(rows), skipped: 0, parked, rows, notes: [] },
        true,
      );
    }
    const progress = context.progress(name);
    try {
      const { reason, signal } = context;
      const { leaseMs, watcher } = await runSettings(context);
      const isPart = customer !== undefined || limit !== undefined; // a partial run does not report success of the task
      const request = {
        ...{ task, ask, now, trigger, reason, signal, scheduledFor, leaseMs },
        mode: 'named',
        actor: await context.actor(),
        watcher: isPart ? undefined : watcher,
      } as const;
      const report = await runTask(connection, { ...request, progress: (done) => progress.update(done) });
      return taskOutcome(report!, false);
    } finally {
      progress.stop();
    }
  };
}
