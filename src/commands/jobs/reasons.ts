import { formatDuration } from '../../domain/durations.ts';
import type { ListedTask } from '../../tasks/list-tasks.ts';

/** The local time in `zone`, to the minute. */
export function shownIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    at,
  );
}

/** A rounded duration: to the minute, from two hours on to the hour. */
export function roughly(seconds: number): string {
  return formatDuration(Math.max(60, seconds - (seconds % (seconds < 7_200 ? 60 : 3_600))));
}

/** Why a task does not run or failed: off, paused, running elsewhere, failing, late; undefined when it is healthy. */
export function reasonOf(taskState: ListedTask): string | undefined {
  const time = (at: Date) => shownIn(taskState.timezone, at);
  if (taskState.state === 'off') return `is turned off in the settings (${taskState.from['enabled']})`;
  if (taskState.state === 'paused') {
    const who = taskState.paused_by ? ` by ${taskState.paused_by} since ${time(taskState.paused_at!)}` : '';
    return `is paused${who}${taskState.paused_reason ? `: ${taskState.paused_reason}` : ''}`;
  }
  if (taskState.holder) return `is running: ${taskState.holder}`;
  if (taskState.failures > 0) {
    const times = taskState.failures === 1 ? 'failed' : `failed ${taskState.failures} times in a row`;
    const due = taskState.late_by === null ? '' : `, due since ${time(taskState.next_due)}`;
    return `${times}${due}: ${taskState.last_error ?? 'see jobs history --failed'}`;
  }
  return taskState.late ? `is late: due since ${time(taskState.next_due)}, no run has started` : undefined;
}

/** The notes below the table. */
export function sentencesOf(taskStates: readonly ListedTask[]): string[] {
  const zones = [...new Set(taskStates.map(({ timezone }) => timezone))];
  return [
    zones.length === 1 ? `Times are in ${zones[0]}.` : 'Times are in the zone of each task.',
    // jobs history has the error
    ...taskStates.flatMap(
      (taskState) => reasonOf({ ...taskState, last_error: null })?.replace(/^/, `${taskState.task} `) ?? [],
    ),
    ...taskStates.flatMap(({ task, last_late_by: seconds, outcome }) =>
      seconds !== null && seconds >= 60 && outcome !== 'running'
        ? [`The last run of ${task} was ${roughly(seconds)} late`]
        : [],
    ),
    ...taskStates.flatMap(({ task, differs, from }) => {
      const [first] = differs;
      if (first === undefined) return [];
      const names = differs.join(', ');
      const difference =
        from[first] === 'default'
          ? `the local settings do not set ${names}`
          : `${from[first]} sets ${names} differently`;
      return [`${task}: ${difference}; see subctl config show`];
    }),
  ];
}
