import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import type { Environment } from './environment.ts';

/** What can be said about a task of the timetable. */
const timetableFields = ['cron', 'enabled', 'timezone', 'catch_up', 'grace'] as const;
export type TimetableField = (typeof timetableFields)[number];

/**
 * One thing that the settings say about the timetable, as it was written: of a task, or with no task the zone of all of them. Whether
 * there is such a task, and whether the value can be read, is the timetable's to say. An empty value says that the default holds.
 */
export interface TimetableSetting {
  task: string | undefined;
  field: TimetableField;
  value: string;
  source: string;
}

const prefix = 'SUBCTL_TIMETABLE_';

/**
 * What variables say: SUBCTL_TIMETABLE_CHECK_EXPIRED is an expression, `on` or `off`; with _TIMEZONE, _CATCH_UP or _GRACE behind it, that;
 * and SUBCTL_TIMETABLE_TIMEZONE is the zone of the timetable. `suffix` tells where they stand.
 */
export function timetableOfVariables(env: Environment, suffix = ''): TimetableSetting[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!name.startsWith(prefix) || value === undefined) return [];
    const rest = name.slice(prefix.length);
    const [, words, ending] = /^(.*?)_?(TIMEZONE|CATCH_UP|GRACE)?$/.exec(rest)!;
    const task = words === '' ? undefined : words!.toLowerCase().replaceAll('_', '-');
    const source = name + suffix;
    if (ending === undefined) return said(task, value, source);
    return [{ task, field: ending.toLowerCase() as TimetableField, value, source }];
  });
}

/**
 * What subctl.yaml says under `timetable`: `timezone`, and for each task an expression, on or off, or a list of its fields.
 * @throws Failure config for what has another form, naming the nearest field
 */
export function timetableOfYaml(
  found: unknown,
  { file, source }: { file: string; source: string },
): TimetableSetting[] {
  if (found === null || found === undefined) return [];
  const form = {
    hint: "write it as: timetable: { timezone: Europe/Berlin, check-expired: '30 1 * * *', prune: { enabled: false } }",
  };
  if (!isList(found)) throw new Failure('config', `The timetable in ${file} is not a list of tasks`, form);
  return Object.entries(found).flatMap(([task, value]) => {
    if (task === 'timezone') return [{ task: undefined, field: 'timezone', value: text(value), source }];
    if (!isList(value)) return said(task, text(value), source);
    return Object.entries(value).map(([key, each]) => {
      const field = timetableFields.find((known) => known === key);
      if (field) return { task, field, value: text(each), source };
      const near = nearest(key, timetableFields);
      throw new Failure(
        'config',
        `${file} says '${key}' of the task ${task}, which is not known${near ? `, did you mean ${near}?` : ''}`,
        { hint: `it may say ${timetableFields.join(', ')}` },
      );
    });
  });

  function text(value: unknown): string {
    if (value === null || value === undefined) return '';
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
      return String(value);
    throw new Failure('config', `The timetable in ${file} has a list where one value belongs`, form);
  }
}

/** One word or expression for a task: `on` and `off` switch it, an expression also switches it on. */
function said(task: string | undefined, value: string, source: string): TimetableSetting[] {
  const isSwitch = /^(on|off|true|false|yes|no)$/i.test(value.trim());
  const enabled: TimetableSetting = { task, field: 'enabled', value: isSwitch ? value : 'on', source };
  if (isSwitch) return [enabled];
  return [
    { task, field: 'cron', value, source },
    ...(value === '' ? [{ ...enabled, value: '' }] : [enabled]),
  ];
}

function isList(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
