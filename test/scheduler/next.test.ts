import { expect, test } from 'vitest';
import { Temporal } from 'temporal-polyfill';
import type { Failure } from '../../src/domain/failure.ts';
import { graceOf, nextInstants } from '../../src/scheduler/next.ts';

const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Nuuk',
  'Africa/Cairo',
  'Pacific/Apia',
  'America/Santiago',
  'Antarctica/Troll',
  'Africa/Casablanca',
  'America/Havana',
  'Asia/Kolkata',
  'America/Sao_Paulo',
];
const times = ['0 0', '30 0', '0 1', '30 1', '0 2', '15 2', '0 3', '0 22', '0 23', '30 23', '59 23'];

const next = (cron: string, timezone: string, from: string, count = 3) =>
  nextInstants({ cron, timezone }, new Date(from), count).map((at) => at.toISOString());

/** Where a local date and time is on the line of time, by Temporal: a gap is its end, a repeated time its first coming. */
function oracle(date: Temporal.PlainDate, minuteHour: string, zone: string): string {
  const [minute, hour] = minuteHour.split(' ').map(Number) as [number, number];
  const wall = date.toPlainDateTime({ hour, minute });
  const at = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (at.toPlainDateTime().equals(wall)) return at.toInstant().toString({ smallestUnit: 'millisecond' });
  const end = at.getTimeZoneTransition('next');
  return end!.toInstant().toString({ smallestUnit: 'millisecond' });
}

test.each(zones)(
  'DESIGN §10: over a year every local day of %s has its run exactly once, against Temporal',
  (zone) => {
    for (const time of times) {
      const first = Temporal.PlainDate.from('2026-01-02');
      const days = Array.from({ length: 366 }, (_, day) => first.add({ days: day }));
      const from = oracle(first.subtract({ days: 1 }), time, zone);
      expect(next(`${time} * * *`, zone, from, days.length), time).toEqual(
        days.map((day) => oracle(day, time, zone)),
      );
    }
  },
);

/** Every instant of 2026 at which the clocks of `zone` show a full hour, by Temporal's list of clock changes. */
function fullHours(zone: string): string[] {
  const found: string[] = [];
  const end = Temporal.Instant.from('2027-01-01T00:00:00Z').epochMilliseconds;
  let from = Temporal.Instant.from('2026-01-01T00:00:00Z').toZonedDateTimeISO(zone);
  while (from.epochMilliseconds < end) {
    const change = from.getTimeZoneTransition('next');
    const until = Math.min(end, change?.epochMilliseconds ?? end);
    const offset = from.offsetNanoseconds / 1e6;
    const first = Math.ceil((from.epochMilliseconds + offset) / 3_600_000) * 3_600_000 - offset;
    for (let at = first; at < until; at += 3_600_000) found.push(new Date(at).toISOString());
    if (!change) break;
    from = change;
  }
  return found;
}

test.each(zones)(
  'DESIGN §10: an hour of * follows the hours of %s as they pass: over a year each full hour once, against Temporal',
  (zone) => {
    const hours = fullHours(zone);
    expect(hours.length).toBeGreaterThanOrEqual(8_758);
    expect(next('0 * * * *', zone, '2025-12-31T23:59:59.999Z', hours.length)).toEqual(hours);
  },
);

test.each([
  [
    'in a gap: once, at its end',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
  ],
  [
    'two times in one gap: once',
    '0,30 2 * * *',
    'Europe/Berlin',
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00:00.000Z', '2026-03-30T00:00:00.000Z'],
  ],
  [
    'in an overlap: at its first coming',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-24T12:00:00Z',
    ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
  ],
  [
    'from inside the second coming: tomorrow',
    '30 2 * * *',
    'Europe/Berlin',
    '2026-10-25T01:10:00Z',
    ['2026-10-26T01:30:00.000Z'],
  ],
  [
    'a gap of half an hour',
    '15 2 * * *',
    'Australia/Lord_Howe',
    '2026-10-03T00:00:00Z',
    ['2026-10-03T15:30:00.000Z', '2026-10-04T15:15:00.000Z'],
  ],
  [
    'a gap at midnight',
    '0 0 * * *',
    'Africa/Cairo',
    '2026-04-23T00:00:00Z',
    ['2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ],
  [
    'a gap that ends at midnight',
    '30 23 * * *',
    'America/Nuuk',
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
  ],
  [
    'a Saturday that ends in that gap',
    '30 23 * * 6',
    'America/Nuuk',
    '2026-03-28T12:00:00Z',
    ['2026-03-29T01:00:00.000Z', '2026-04-05T00:30:00.000Z'],
  ],
  [
    'a day that there was not',
    '0 12 * * *',
    'Pacific/Apia',
    '2011-12-29T00:00:00Z',
    ['2011-12-29T22:00:00.000Z', '2011-12-30T10:00:00.000Z', '2011-12-30T22:00:00.000Z'],
  ],
  [
    'a repeated hour of * runs twice',
    '0 * * * *',
    'Europe/Berlin',
    '2026-10-24T23:30:00Z',
    ['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
  ],
  ['strictly after', '0 1 * * *', 'UTC', '2026-01-01T01:00:00Z', ['2026-01-02T01:00:00.000Z']],
  ['from before 1970', '0 1 * * *', 'UTC', '1969-12-31T23:00:00Z', ['1970-01-01T01:00:00.000Z']],
  ['29 February', '0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00.000Z']],
])('next: %s', (_, cron, zone, from, want) => {
  expect(next(cron, zone, from, want.length)).toEqual(want);
});

test.each([
  ['* * * * * *', /6 fields and not five/],
  ['0 0 * *', /4 fields/],
  ['', /0 fields/],
  ['@reboot', /no macro that is known: @hourly, @daily/],
  ['0 0 30 2 *', /never comes/],
  ['60 * * * *', /Invalid value for minute/],
  ['0 24 * * *', /Invalid value for hour/],
  ['a b c d e', /cannot be read/],
])("'%s' is refused with the accepted form", (cron, sentence) => {
  const failure = (() => {
    try {
      next(cron, 'UTC', '2026-01-01T00:00:00Z');
    } catch (error) {
      return error as Failure;
    }
  })();
  expect(failure).toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(sentence),
    hint: expect.stringContaining('0 2 * * *'),
  });
});

test.each([
  ['0 * * * *', 30],
  ['0 1 * * *', 720],
  ['0 1 1 * *', 720],
])('grace of %s is %i minutes: half the period, twelve hours at most', (cron, minutes) => {
  expect(graceOf({ cron, timezone: 'UTC' }, new Date('2026-01-01T01:00:00Z'))).toBe(minutes * 60_000);
});
