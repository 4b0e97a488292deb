import { Failure } from '../../domain/failure.ts';
import { effectiveTimetable, timetableZone } from '../../scheduler/effective.ts';
import { nextInstants } from '../../scheduler/next.ts';
import { entryOf, timetable } from '../../scheduler/timetable.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer, timezone } from '../readers.ts';

export const command = verb({
  examples: [
    [
      'subctl jobs next check-expired --timezone Europe/Berlin --from 2026-03-28 --count 3',
      'a time that a clock change skips',
    ],
    [
      "subctl jobs next --cron '30 2 * * *' --timezone America/New_York --from 2026-03-07 --json",
      'any cron expression',
    ],
  ],
  rows: 'list',
  asOf: true,
  needs: 'nothing',
})
  .description(
    'A cron expression has five fields: minute, hour, day of month, month and day of week. @hourly, ' +
      '@daily, @midnight, @weekly (Sunday), @monthly and @yearly are accepted, too. Hours are local ' +
      'time. A time that a clock change skips runs once, at the end of the gap. A time that occurs ' +
      'twice runs the first time. An hour of * runs in every hour that passes.',
  )
  .argument('[task]', 'name of the task, from subctl jobs list')
  .option('--cron <expression>', 'a cron expression instead of a task')
  .option('--timezone <zone>', 'time zone of the expression (default: that of the timetable)', timezone)
  .option('--from <time>', 'only times after this one (default: now)', instant)
  .option('--count <number>', 'number of times', integer({ min: 1, max: 10_000 }), 5);

type Input = { task: string | undefined } & Options<typeof command>;

/** Shows the next run times of a task, an expression or the whole timetable. Queries the database only for missing values. */
export async function run(
  context: Context,
  task: string | undefined,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const input = { task, ...options };
  const { cron, count } = input;
  if (task !== undefined && cron !== undefined)
    throw new Failure('usage', 'Either a task or --cron, not both', {
      hint: 'subctl jobs next check-expired',
    });
  const named = task === undefined ? timetable : [entryOf(task)];
  const entries = cron === undefined ? named : [{ task: '', cron }];
  const schedules = await Promise.all(entries.map((entry) => effective(context, input, entry)));
  const from = input.from ?? (await context.now());
  const rows = schedules
    .flatMap((schedule) => nextInstants(schedule, from, count).map((at) => ({ at, task: schedule.task })))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, count);
  const columns = entries.length === 1 ? [{ key: 'at' }] : [{ key: 'at' }, { key: 'task' }];
  return { columns, rows, timezone: schedules[0]!.timezone };
}

/** The requested schedule; a missing zone or expression comes from the timetable. */
async function effective(context: Context, { timezone, cron }: Input, entry: { task: string; cron: string }) {
  if (timezone !== undefined) return { ...entry, timezone };
  const { timetable: said } = await context.settings();
  const own = effectiveTimetable(said).find(({ task }) => task === entry.task);
  const zone = cron === undefined ? own?.timezone : timetableZone(said)?.timezone;
  if (cron !== undefined && zone !== undefined) return { ...entry, timezone: zone };
  const { getSchedule } = await import('../../tasks/get-schedule.ts');
  const kept = await getSchedule(await context.database(), entry.task);
  const place = kept.cron === null ? { cron: own?.cron, timezone: zone } : kept;
  return {
    task: entry.task,
    cron: cron ?? place.cron ?? entry.cron,
    timezone: place.timezone ?? kept.timezone,
  };
}
