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
    ['subctl config show', 'which database will be used, and why'],
    ['subctl config show --all --format csv', 'everything that is set anywhere'],
    ['subctl config show --json', 'the same for a program'],
  ],
  exits: [5],
  rows: true,
  needs: 'nothing',
})
  .description(
    'A setting is taken from the first of these that has it: the environment, the file .env of the ' +
      'working folder, subctl.yaml there (or the file of --config or SUBCTL_CONFIG), the default. An ' +
      'empty variable (DATABASE_URL=) says that there is none, whatever the files say.\n\n' +
      'The database URL may also stand in a file that DATABASE_URL_FILE or SUBCTL_DATABASE_URL_FILE ' +
      'names. Passwords are never shown.\n\n' +
      'The timetable of the tasks is shown as the settings make it. In subctl.yaml it stands under ' +
      "timetable: timezone, and for each task an expression (check-expired: '30 1 * * *'), on or off, " +
      'or a list of cron, enabled, timezone, catch_up (latest, all or none) and grace. In the ' +
      "environment it is SUBCTL_TIMETABLE_CHECK_EXPIRED='30 1 * * *' (or off), with _TIMEZONE, " +
      '_CATCH_UP or _GRACE behind it for those, and SUBCTL_TIMETABLE_TIMEZONE. It must be the same ' +
      'wherever subctl runs for one database; run-due, the daemon, setup and schedule install take it ' +
      'over.',
  )
  .option('--all', 'those of the database too (config list), which must be reachable then', false);

/** Prints the settings as they were read, passwords hidden, and the timetable that they make. */
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

/** The zone, a row for each task, and one for whatever else was said of it. */
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
