import { type Loading, command } from '../command.ts';

export const periods = command({
  path: 'periods',
  summary: 'Show the billing periods that follow from an anchor',
  description:
    'Period k starts k intervals after the anchor, on the wall clock of the time zone, the day clamped to the end of the month. ' +
    'Each period includes its start and not its end.',
  group: 'look',
  options: [
    {
      flag: '--anchor',
      value: 'time',
      kind: 'instant',
      required: true,
      about: 'the instant at which period 0 starts',
    },
    {
      flag: '--every',
      value: 'interval',
      kind: 'interval',
      required: true,
      about: 'the length of a period: 30d, 2w, 1mo or 1y',
    },
    {
      flag: '--timezone',
      value: 'zone',
      kind: 'timezone',
      default: 'UTC',
      about: 'the zone whose wall clock counts',
    },
    {
      flag: '--count',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 10_000,
      about: 'how many periods, from the anchor on (12)',
    },
    { flag: '--at', value: 'time', kind: 'instant', about: 'only the period that contains this instant' },
  ],
  examples: [
    {
      command: 'subctl periods --anchor 2025-01-31T12:00Z --every 1mo --timezone Europe/Berlin --count 3',
      about: 'the first three months of a subscription that started on the 31st',
    },
    {
      command: 'subctl periods --anchor 2024-02-29 --every 1y --at 2026-07-01 --json',
      about: 'the year that contains 1 July 2026',
    },
  ],
  rows: true,
  load: (): Loading => import('./list.ts'),
});
