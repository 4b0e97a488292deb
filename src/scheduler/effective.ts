import type { TimetableField, TimetableSetting } from '../config/timetable-settings.ts';
import { parseDuration } from '../domain/durations.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { parseTimezone } from '../domain/timezones.ts';
import { parseExpression } from './expression.ts';
import { type CatchUp, type Entry, timetable } from './timetable.ts';

/** A task of the timetable as the settings leave it. */
export interface EffectiveEntry extends Entry {
  /** false: the settings take it off the timetable. What an operator paused (`jobs pause`) is not here but in the database */
  enabled: boolean;
  /** undefined: the setting `timezone` of the database */
  timezone: string | undefined;
  /** in seconds, after which a run is reported as late; undefined: half the period, twelve hours at most (R43) */
  grace: number | undefined;
  /** where each value came from; `default` is the timetable as it is shipped */
  from: Readonly<Record<TimetableField, string>>;
}

const catchUps: readonly CatchUp[] = ['latest', 'all', 'none'];
const switches: Record<string, boolean> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};

/**
 * The timetable that everything reads: the shipped one with what the settings say about it, the first that says something of a field.
 * @throws Failure config with the value, where it stands and why not: an unknown task (naming the nearest), an expression that is not of
 * five fields or never comes, a zone that is a fixed offset or no place, a switch, catch-up or grace that cannot be read
 */
export function effectiveTimetable(settings: readonly TimetableSetting[] = []): EffectiveEntry[] {
  for (const setting of settings) checkTask(setting);
  return timetable.map((entry) => {
    const from = {} as Record<TimetableField, string>;
    const read = <T>(field: TimetableField, shipped: T, parse: (text: string, name: string) => T): T => {
      const found =
        settings.find((one) => one.task === entry.task && one.field === field) ??
        (field === 'timezone' ? zoneOfAll(settings) : undefined);
      from[field] = found?.source ?? 'default';
      return found && found.value !== '' ? readOne(found, entry.task, parse) : shipped;
    };
    return {
      ...entry,
      cron: read('cron', entry.cron, (text, name) => parseExpression(text, name).text),
      enabled: read('enabled', true, parseSwitch),
      timezone: read('timezone', undefined as string | undefined, parseTimezone),
      catchUp: read('catch_up', entry.catchUp as CatchUp, parseCatchUp),
      grace: read('grace', undefined as number | undefined, parseDuration),
      from,
    };
  });
}

/** The zone that the settings give the whole timetable, and where they do; undefined when it is the database's. */
export function timetableZone(
  settings: readonly TimetableSetting[],
): { timezone: string; source: string } | undefined {
  const found = zoneOfAll(settings);
  if (!found?.value) return undefined;
  return { timezone: readOne(found, undefined, parseTimezone), source: found.source };
}

function zoneOfAll(settings: readonly TimetableSetting[]): TimetableSetting | undefined {
  return settings.find(({ task, field }) => task === undefined && field === 'timezone');
}

function readOne<T>(
  { task, field, value, source }: TimetableSetting,
  reader: string | undefined,
  parse: (text: string, name: string) => T,
): T {
  const words = {
    cron: 'cron expression',
    enabled: 'switch',
    timezone: 'zone',
    catch_up: 'catch-up',
    grace: 'grace',
  };
  const whose = task === undefined ? 'of the timetable' : `of ${reader}`;
  try {
    return parse(value, `${words[field]} ${whose} (${source})`);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Failure('config', cause.message, { hint: cause.hint, cause });
  }
}

function checkTask({ task, field, source }: TimetableSetting): void {
  const known = timetable.map((entry) => entry.task as string);
  if (task === undefined) {
    if (field === 'timezone') return;
    throw new Failure('config', `${source} says ${field} of no task`, {
      hint: 'name one: SUBCTL_TIMETABLE_CHECK_EXPIRED',
    });
  }
  if (known.includes(task)) return;
  const near = nearest(task, known);
  throw new Failure(
    'config',
    `The timetable has no task '${task}' (${source})${near ? `, did you mean ${near}?` : ''}`,
    { hint: `its tasks are ${known.join(', ')}` },
  );
}

function parseSwitch(text: string, name: string): boolean {
  const found = switches[text.trim().toLowerCase()];
  if (found !== undefined) return found;
  throw new Failure('usage', `The ${name} '${text}' is neither on nor off`, { hint: 'Give on or off' });
}

function parseCatchUp(text: string, name: string): CatchUp {
  const found = catchUps.find((one) => one === text.trim().toLowerCase());
  if (found) return found;
  throw new Failure('usage', `The ${name} '${text}' is not known`, {
    hint: `Give latest (one run for all that was missed), all (one run each) or none`,
  });
}
