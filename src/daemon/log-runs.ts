import type { Watcher } from '../tasks/watcher.ts';
import type { Log } from './log.ts';

/** Writes a line of the log for each run that ends; one that begins is worth a line only to those who ask for more. */
export function logRuns(log: Log): Watcher {
  const begins = new Map<string, number>();
  return {
    refused: () => undefined,
    started({ task, scheduledFor, token }) {
      begins.set(task, performance.now());
      log.debug({ task, scheduled_for: scheduledFor, token }, `${task} begins`);
    },
    ended({ task, scheduledFor, sequence }, { outcome, done, skipped, parked, error, note }) {
      const ms = Math.round(performance.now() - (begins.get(task) ?? performance.now()));
      begins.delete(task);
      const facts = {
        task,
        outcome,
        scheduled_for: scheduledFor,
        sequence,
        done,
        skipped,
        parked,
        ms,
        error,
        note,
      };
      const level = outcome === 'done' || outcome === 'interrupted' ? 'info' : 'warn';
      log[level](facts, `${task}: ${outcome}`);
    },
  };
}
