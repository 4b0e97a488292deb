import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import type { ScheduleInput } from './schedule-input.ts';
import { sentencesOf, type Status, statusOf } from './status-of.ts';
import { verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';

export const command = verb({
  examples: [
    ['subctl schedule status', 'every scheduler of this host'],
    ['subctl schedule status cron --json', 'the crontabs, as JSON'],
  ],
  exits: [4],
  rows: true,
  asOf: true,
})
  .description(
    'Compares the installed timetable with the output of this version for the same options. Also ' +
      'reports whether cron or systemd is running. For the results of the tasks: subctl jobs list.',
  )
  .addArgument(new Argument('[kind]', 'only this scheduler').choices(['cron', 'systemd', 'windows']));

const columns: Column[] = [
  { key: 'kind' },
  { key: 'scope' },
  { key: 'state' },
  { key: 'next_at', title: 'next run', optional: true },
  { key: 'next_task', title: 'next task', optional: true },
  { key: 'running', show: (value) => (value ? 'yes' : 'no') },
  { key: 'about', hidden: true },
  { key: 'made_by', hidden: true },
  { key: 'differs', hidden: true },
  { key: 'missing', hidden: true },
];

/** Prints for each scheduler of this host what is installed, whether it is up to date, and what it starts next. */
export async function run(
  context: Context,
  kind: 'cron' | 'systemd' | 'windows' | undefined,
): Promise<Outcome> {
  const here: readonly ScheduleInput['kind'][] =
    process.platform === 'win32' ? ['windows'] : ['cron', 'systemd'];
  const asked = (kind === undefined ? here : [kind]).flatMap((one) =>
    (one === 'windows' ? [false] : [true, false]).map((user) => ({ kind: one, user, system: !user })),
  );
  const rows: Status[] = [];
  for (const one of asked) rows.push(await statusOf(context, one));
  return { columns, rows: rows.map((row) => ({ ...row })), footer: rows.flatMap(sentencesOf) };
}
