import type { InputOf } from '../command.ts';
import type { Settings } from '../../config/settings.ts';
import type { Outcome, Row } from '../../terminal/outcome.ts';
import { effectiveTimetable, timetableZone } from '../../timetable/effective.ts';
import { formatDuration } from '../../domain/durations.ts';
import type { Context } from '../context.ts';
import { databaseRows } from './database-rows.ts';
import { pingRows } from './ping-rows.ts';
import type { showConfig } from './spec.ts';

/** Prints the settings as they were read, passwords hidden, and the timetable that they make. */
export async function run(context: Context, { all }: InputOf<typeof showConfig>): Promise<Outcome> {
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
