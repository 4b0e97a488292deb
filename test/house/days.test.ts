import { expect, it } from 'vitest';
import { filesIn, textOf } from './sources.ts';

/** Functions that add days to a wall clock (a timestamp without a zone), which is what days are for. */
const onTheWallClock = [
  'calendar_bounds',
  'anchored_start',
  'anchored_bounds',
  'ensure_partitions',
  'sum_usage_month',
  'count_active_customers',
  'months_period_end',
];

it('SQL functions count instants in hours: a day added to an instant is as long as the zone of the caller’s session says', () => {
  const wrong = filesIn('drizzle/engine', '.sql')
    .filter((file) => !onTheWallClock.some((name) => file.endsWith(`/${name}.sql`)))
    .flatMap((file) =>
      textOf(file)
        .split('\n')
        .filter((line) =>
          /interval '\d+ (days?|weeks?|months?|years?)'|make_interval\((days|weeks|months|years)\b/.test(
            line,
          ),
        )
        .filter((line) => !line.includes('at time zone'))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});
