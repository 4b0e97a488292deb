import type { Failure } from '../domain/failure.ts';
import type { Run } from './claim.ts';
import type { Ending } from './finish.ts';

/** How a run ended: `lost` when another took over. `exit` is the exit code of a command that did just this. */
export type RunEnd = Omit<Ending, 'outcome'> & { outcome: Ending['outcome'] | 'lost'; exit: number };

/** Whoever wants to know about runs. It is told, not asked: nothing that it does holds up or changes the run. */
export interface Watcher {
  /** a run that was asked for by name was not begun */
  refused(task: string, failure: Failure): void;
  /** a run has its lease */
  started(run: Run): void;
  ended(run: Run, end: RunEnd): void;
}

/** One watcher in place of several. */
export function watchers(...all: readonly Watcher[]): Watcher {
  return {
    refused: (task, failure) => all.forEach((each) => each.refused(task, failure)),
    started: (run) => all.forEach((each) => each.started(run)),
    ended: (run, end) => all.forEach((each) => each.ended(run, end)),
  };
}
