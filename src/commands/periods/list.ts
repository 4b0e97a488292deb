import { Failure } from '../../domain/failure.ts';
import { findPeriod, listPeriods } from '../../subscriptions/periods.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer, interval, timezone } from '../readers.ts';

export const command = verb({
  examples: [
    [
      'subctl periods --anchor 2025-01-31T12:00Z --every 1mo --timezone Europe/Berlin --count 3',
      'the first three months of a subscription that started on the 31st',
    ],
    [
      'subctl periods --anchor 2024-02-29 --every 1y --at 2026-07-01 --json',
      'the year that contains 1 July 2026',
    ],
  ],
  rows: 'list',
})
  .description(
    'Period k starts k intervals after the anchor, on the wall clock of the time zone. The day is ' +
      'clamped to the end of the month. A period includes its start and excludes its end.',
  )
  .requiredOption('--anchor <time>', 'start of period 0', instant)
  .requiredOption('--every <interval>', 'length of a period: 30d, 2w, 1mo or 1y', interval)
  .option('--timezone <zone>', 'time zone of the wall clock', timezone, 'UTC')
  .option(
    '--count <number>',
    'number of periods, from the anchor on (default: 12)',
    integer({ min: 1, max: 10_000 }),
  )
  .option('--at <time>', 'only the period that contains this instant', instant);

const columns = [{ key: 'index', align: 'right' }, { key: 'start' }, { key: 'end' }] as const;

/** Prints periods from the anchor on, or with --at the period that contains that time. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { at, count, timezone } = input;
  if (at && count !== undefined)
    throw new Failure('usage', 'Either --count or --at, not both', {
      hint: '--at shows one period, --count lists them from the anchor on',
    });
  const db = await context.database();
  const rows = at ? [await findPeriod(db, input, at)] : await listPeriods(db, input, count ?? 12);
  return { columns, rows: rows.map((period) => ({ ...period })), timezone };
}
