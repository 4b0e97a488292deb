import { formatDuration } from '../../domain/durations.ts';
import type { ListedJob } from '../../tasks/list-jobs.ts';

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
export function reasonOf(job: ListedJob): string | undefined {
  const time = (at: Date) => shownIn(job.timezone, at);
  if (job.state === 'off') return `is off, by the settings (${job.from['enabled']})`;
  if (job.state === 'paused') {
    const who = job.paused_by ? ` by ${job.paused_by} since ${time(job.paused_at!)}` : '';
    return `is paused${who}${job.paused_reason ? `: ${job.paused_reason}` : ''}`;
  }
  if (job.holder) return `is at work: ${job.holder}`;
  if (job.failures > 0) {
    const times = job.failures === 1 ? 'failed' : `failed ${job.failures} times in a row`;
    const due = job.late_by === null ? '' : `, due since ${time(job.next_due)}`;
    return `${times}${due}: ${job.last_error ?? 'see jobs history --failed'}`;
  }
  return job.late ? `is late: due since ${time(job.next_due)}, no run has started` : undefined;
}

/** What a person should know beside the table. */
export function sentencesOf(jobs: readonly ListedJob[]): string[] {
  const zones = [...new Set(jobs.map(({ timezone }) => timezone))];
  return [
    zones.length === 1 ? `Times are those of ${zones[0]}.` : 'Times are those of each task’s own zone.',
    // the sentence of a failure is in the history
    ...jobs.flatMap((job) => reasonOf({ ...job, last_error: null })?.replace(/^/, `${job.task} `) ?? []),
    ...jobs.flatMap(({ task, last_late_by: seconds, outcome }) =>
      seconds !== null && seconds >= 60 && outcome !== 'running'
        ? [`${task} was last run ${roughly(seconds)} after its time`]
        : [],
    ),
    ...jobs.flatMap(({ task, differs, from }) => {
      const [first] = differs;
      if (first === undefined) return [];
      const source = from[first] === 'default' ? 'nothing' : `otherwise in ${from[first]}`;
      return [`${task}: of ${differs.join(', ')} the settings here say ${source}; see subctl config show`];
    }),
  ];
}
