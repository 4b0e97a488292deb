import type { PingSetting } from '../config/ping-settings.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { timetable } from '../scheduler/timetable.ts';
import type { PingUrls } from './pings.ts';

/**
 * Where runs are reported, by the settings; the first that says something of a task counts, and an empty one says that there is nowhere.
 * @throws Failure config for a task that there is not (naming the nearest) and for what is no URL of the web, which is not repeated
 */
export function pingUrlsOf(settings: readonly PingSetting[]): PingUrls {
  for (const setting of settings) check(setting);
  const find = (task: string | undefined) => settings.find((one) => one.task === task)?.url;
  const own = timetable.flatMap(({ task }) => {
    const url = find(task);
    return url === undefined ? [] : [[task, url] as const];
  });
  return { base: find(undefined) || undefined, tasks: Object.fromEntries(own) };
}

/** Whether any task is reported anywhere. */
export function hasPings({ base, tasks }: PingUrls): boolean {
  return base !== undefined || Object.values(tasks).some((url) => url !== '');
}

function check({ task, url, source }: PingSetting): void {
  const known = timetable.map((entry) => entry.task as string);
  if (task !== undefined && !known.includes(task)) {
    const near = nearest(task, known);
    throw new Failure(
      'config',
      `The timetable has no task '${task}' to ping for (${source})${near ? `, did you mean ${near}?` : ''}`,
      { hint: `its tasks are ${known.join(', ')}` },
    );
  }
  if (url !== '' && !isOfTheWeb(url))
    throw new Failure(
      'config',
      `The ping URL of ${task ?? 'all tasks'} (${source}) is not an URL of the web`,
      {
        hint: 'it begins with https://',
      },
    );
}

function isOfTheWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
