import type { Settings } from '../../config/settings.ts';
import type { Outcome, Row } from '../../terminal/outcome.ts';
import { effectiveTimetable, timetableZone } from '../../scheduler/effective.ts';
import { formatDuration } from '../../domain/durations.ts';
import type { Context } from '../context.ts';
import { databaseRows } from './database-rows.ts';
import { pingRows } from './ping-rows.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl config show', 'which database is used, and why'],
    ['subctl config show --all --format csv', 'all settings, including those of the database'],
    ['subctl config show --json', 'the same as JSON'],
  ],
  exits: [5],
  rows: true,
  needs: 'nothing',
})
  .description(
    'A setting comes from the first source that has it: the environment, the file .env of the ' +
      'working folder, subctl.yaml there (or the file of --config or SUBCTL_CONFIG), the default. An ' +
      'empty variable (DATABASE_URL=) unsets the setting, whatever the files contain.\n\n' +
      'DATABASE_URL_FILE or SUBCTL_DATABASE_URL_FILE may name a file that contains the database URL. ' +
      'Passwords are never shown.\n\n' +
      'The timetable is shown as the settings define it. In subctl.yaml it is under timetable: ' +
      "timezone, and for each task a cron expression (check-expired: '30 1 * * *'), on or off, or a " +
      'map of cron, enabled, timezone, catch_up (latest, all or none) and grace. The variables are ' +
      "SUBCTL_TIMETABLE_CHECK_EXPIRED='30 1 * * *' (or off), the same with the suffix _TIMEZONE, " +
      '_CATCH_UP or _GRACE, and SUBCTL_TIMETABLE_TIMEZONE. Use the same timetable wherever subctl runs ' +
      'for one database. run-due, the daemon, setup and schedule install store it in the database.',
  )
  .option('--all', 'also show the database settings; requires a connection', false);

/** Prints the settings with their sources, passwords hidden, and the resulting timetable. */
export async function run(context: Context, { all }: Options<typeof command>): Promise<Outcome> {
  const settings = await context.settings();
  return {
    columns: [
      { key: 'key', title: 'setting' },
      { key: 'value' },
      { key: 'source' },
      { key: 'default', hidden: true },
      { key: 'about', hidden: true },
    ],
    rows: [
      ...settings.shown.map((setting) => ({ ...setting })),
      ...timetableRows(settings),
      ...pingRows(settings),
      ...(all ? await databaseRows(context) : []),
    ],
  };
}

/** Rows for the zone, for each task, and for each further setting of a task. */
function timetableRows({ timetable }: Settings): Row[] {
  const zone = timetableZone(timetable);
  const shared = {
    key: 'timetable.timezone',
    value: zone?.timezone,
    source: zone?.source ?? 'the database',
    about: 'the zone of the timetable',
  };
  const tasks = effectiveTimetable(timetable).flatMap((entry) => {
    const { task, cron, enabled, summary, from, timezone, catchUp, grace } = entry;
    const more = [
      ['timezone', timezone, from.timezone === zone?.source ? 'default' : from.timezone],
      ['catch_up', catchUp, from.catch_up],
      ['grace', grace === undefined ? undefined : formatDuration(grace), from.grace],
    ] as const;
    return [
      {
        key: task,
        value: enabled ? cron : 'off',
        source: enabled ? from.cron : from.enabled,
        about: summary,
      },
      ...more
        .filter(([, , source]) => source !== 'default')
        .map(([field, value, source]) => ({ key: `${task}.${field}`, value, source, about: field })),
    ];
  });
  return [shared, ...tasks.map((row) => ({ ...row, key: `timetable.${row.key}` }))];
}
