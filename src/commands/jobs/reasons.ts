import { formatDuration } from '../../domain/durations.ts';
import type { ListedTask } from '../../tasks/list-tasks.ts';

/** An instant to the minute on the wall clock of `zone`. */
export function shownIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    at,
  );
}

/** A length of time as people say it: to the minute, from two hours on to the hour. */
export function roughly(seconds: number): string {
  return formatDuration(Math.max(60, seconds - (seconds % (seconds < 7_200 ? 60 : 3_600))));
}

/** Why a task does not run, or did not do its work: off, paused, held, failing, late; undefined when all is well. */
export function reasonOf(taskState: ListedTask): string | undefined {
  const time = (at: Date) => shownIn(taskState.timezone, at);
  if (taskState.state === 'off') return `is off, by the settings (${taskState.from['enabled']})`;
  if (taskState.state === 'paused') {
    const who = taskState.paused_by ? ` by ${taskState.paused_by} since ${time(taskState.paused_at!)}` : '';
    return `is paused${who}${taskState.paused_reason ? `: ${taskState.paused_reason}` : ''}`;
  }
  if (taskState.holder) return `is at work: ${taskState.holder}`;
  if (taskState.failures > 0) {
    const times = taskState.failures === 1 ? 'failed' : `failed ${taskState.failures} times in a row`;
    const due = taskState.late_by === null ? '' : `, due since ${time(taskState.next_due)}`;
    return `${times}${due}: ${taskState.last_error ?? 'see jobs history --failed'}`;
  }
  return taskState.late ? `is late: due since ${time(taskState.next_due)}, no run has started` : undefined;
}

/** What a person should know beside the table. */
export function sentencesOf(taskStates: readonly ListedTask[]): string[] {
  const zones = [...new Set(taskStates.map(({ timezone }) => timezone))];
  return [
    zones.length === 1 ? `Times are those of ${zones[0]}.` : 'Times are those of each task’s own zone.',
    // the sentence of a failure is in the history
    ...taskStates.flatMap(
      (taskState) => reasonOf({ ...taskState, last_error: null })?.replace(/^/, `${taskState.task} `) ?? [],
    ),
    ...taskStates.flatMap(({ task, last_late_by: seconds, outcome }) =>
      seconds !== null && seconds >= 60 && outcome !== 'running'
        ? [`${task} was last run ${roughly(seconds)} after its time`]
        : [],
    ),
    ...taskStates.flatMap(({ task, differs, from }) => {
      const [first] = differs;
      if (first === undefined) return [];
      const source = from[first] === 'default' ? 'nothing' : `otherwise in ${from[first]}`;
      return [`${task}: of ${differs.join(', ')} the settings here say ${source}; see subctl config show`];
    }),
  ];
}
