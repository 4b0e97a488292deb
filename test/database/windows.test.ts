import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();

interface Asked {
  at: string;
  zone?: string;
  anchor?: string;
  anchorZone?: string;
  every?: string;
}

/** A window as `start/end` in UTC to the minute, or to the second where it has seconds. */
async function windowOf(
  name: string,
  { at, zone = 'UTC', anchor, anchorZone = zone, every }: Asked,
): Promise<string> {
  const [row] = await sql<{ start: Date; end: Date }[]>`
    select lower(b) as start, upper(b) as "end"
      from subctl_internal.window_of(${name}, ${anchor ?? null}::text::timestamptz, ${at}::text::timestamptz, ${zone}, ${anchorZone}, ${every ?? null}) b`;
  return `${short(row!.start)}/${short(row!.end)}`;
}

async function startsOf(anchor: string, every: string, count: number, zone = 'UTC'): Promise<string[]> {
  const rows = await sql<{ start: Date }[]>`
    select subctl_internal.period_start(${anchor}::text::timestamptz, ${every}, k, ${zone}) as start from generate_series(0, ${count - 1}::int) k`;
  return rows.map(({ start }) => short(start));
}

const short = (at: Date) => at.toISOString().replace(/(:00)?\.000Z$/, 'Z');

test.each([
  // G2: Wednesday 2025-01-15 13:00
  ['day', '2025-01-15T00:00Z/2025-01-16T00:00Z'],
  ['week', '2025-01-13T00:00Z/2025-01-20T00:00Z'],
  ['month', '2025-01-01T00:00Z/2025-02-01T00:00Z'],
  ['hour', '2025-01-15T13:00Z/2025-01-15T14:00Z'],
  ['year', '2025-01-01T00:00Z/2026-01-01T00:00Z'],
  ['week_sunday', '2025-01-12T00:00Z/2025-01-19T00:00Z'],
])('G2 R1 R5: on Wednesday 15 January at 13:00 the %s is %s', async (name, expected) => {
  expect(await windowOf(name, { at: '2025-01-15T13:00Z' })).toBe(expected);
});

test('G6: the month of the last second of December ends with the year', async () => {
  expect(await windowOf('month', { at: '2025-12-31T23:59:59Z' })).toBe('2025-12-01T00:00Z/2026-01-01T00:00Z');
});

test('G8 R4: half past eight in the evening UTC is already the 15th in Tehran', async () => {
  const expected = '2025-01-14T20:30Z/2025-01-15T20:30Z';
  expect(await windowOf('day', { at: '2025-01-14T20:30:00Z', zone: 'Asia/Tehran' })).toBe(expected);
});

test('G9 R1: an instant at the end belongs to the next period', async () => {
  const asked = { anchor: '2025-01-15T09:30Z', every: '1mo' };
  expect(await windowOf('period', { ...asked, at: '2025-02-15T09:29Z' })).toBe(
    '2025-01-15T09:30Z/2025-02-15T09:30Z',
  );
  expect(await windowOf('period', { ...asked, at: '2025-02-15T09:30Z' })).toBe(
    '2025-02-15T09:30Z/2025-03-15T09:30Z',
  );
});

test('G10: the next reset is ahead of now, however late one asks', async () => {
  const asked = { anchor: '2025-01-15T09:30Z', every: '1mo', at: '2025-02-20T08:00Z' };
  expect(await windowOf('period', asked)).toBe('2025-02-15T09:30Z/2025-03-15T09:30Z');
});

test('G11 R2: from the 31st the day is clamped and comes back', async () => {
  expect(await startsOf('2025-01-31T10:00Z', '1mo', 5)).toEqual([
    '2025-01-31T10:00Z',
    '2025-02-28T10:00Z',
    '2025-03-31T10:00Z',
    '2025-04-30T10:00Z',
    '2025-05-31T10:00Z',
  ]);
});

test('G11 R2: in 2024 February has its 29th', async () => {
  expect((await startsOf('2024-01-31T10:00Z', '1mo', 2))[1]).toBe('2024-02-29T10:00Z');
});

test('G12: on 1 March the cycle of the 31st began on 28 February', async () => {
  const asked = { anchor: '2025-01-31T10:00Z', every: '1mo', at: '2025-03-01T00:00Z' };
  expect(await windowOf('period', asked)).toBe('2025-02-28T10:00Z/2025-03-31T10:00Z');
});

test('R2: 31 May 15:13:09 goes to 30 June and 31 July', async () => {
  const expected = ['2025-05-31T15:13:09Z', '2025-06-30T15:13:09Z', '2025-07-31T15:13:09Z'];
  expect(await startsOf('2025-05-31T15:13:09Z', '1mo', 3)).toEqual(expected);
});

test('R3: 29 February yearly is the 28th in common years and the 29th in leap years', async () => {
  expect(await startsOf('2024-02-29T12:00Z', '1y', 5)).toEqual([
    '2024-02-29T12:00Z',
    '2025-02-28T12:00Z',
    '2026-02-28T12:00Z',
    '2027-02-28T12:00Z',
    '2028-02-29T12:00Z',
  ]);
});

test('R2: 30d is thirty days and never a month; on the wall clock, so that summer time does not move it', async () => {
  expect(await startsOf('2025-01-31T10:00Z', '30d', 3)).toEqual([
    '2025-01-31T10:00Z',
    '2025-03-02T10:00Z',
    '2025-04-01T10:00Z',
  ]);
  expect(await startsOf('2026-03-16T08:00Z', '2w', 2, 'Europe/Berlin')).toEqual([
    '2026-03-16T08:00Z',
    '2026-03-30T07:00Z',
  ]);
});

test('R2: periods before the anchor have negative numbers', async () => {
  const [row] = await sql<{ index: number }[]>`
    select subctl_internal.period_index('2025-01-31T10:00Z', '1mo', '2024-12-31T09:59:59Z', 'UTC') as index`;
  expect(row!.index).toBe(-2);
});

test.each([
  // Berlin 29 March 2026: 02:30 does not exist; New York 1 November 2026: 01:30 comes twice
  [
    'a time in a gap moves forward by the gap',
    '2026-02-28T01:30Z',
    '29d',
    'Europe/Berlin',
    '2026-03-29T01:30Z',
  ],
  ['a repeated time takes the first', '2026-10-01T05:30Z', '1mo', 'America/New_York', '2026-11-01T05:30Z'],
  ['Lord Howe repeats half an hour', '2026-03-04T14:45Z', '1mo', 'Australia/Lord_Howe', '2026-04-04T14:45Z'],
  [
    'a day that Apia never had becomes the next',
    '2011-11-30T20:00Z',
    '30d',
    'Pacific/Apia',
    '2011-12-30T20:00Z',
  ],
])('R4: %s', async (_, anchor, every, zone, expected) => {
  expect((await startsOf(anchor, every, 2, zone))[1]).toBe(expected);
});

test('R4: an anchor in the repeated hour stays where it is, and only later periods take the first', async () => {
  expect(await startsOf('2025-11-02T06:30Z', '1y', 2, 'America/New_York')).toEqual([
    '2025-11-02T06:30Z',
    '2026-11-02T06:30Z',
  ]);
});

test.each([
  [
    'Cairo, where the gap begins at midnight',
    'Africa/Cairo',
    '2026-04-24T10:00Z',
    '2026-04-23T22:00Z/2026-04-24T21:00Z',
  ],
  [
    'Nuuk, where the gap ends at midnight',
    'America/Nuuk',
    '2026-03-29T10:00Z',
    '2026-03-29T01:00Z/2026-03-30T01:00Z',
  ],
  [
    'the Azores, where midnight comes twice',
    'Atlantic/Azores',
    '2026-10-25T10:00Z',
    '2026-10-25T00:00Z/2026-10-26T01:00Z',
  ],
  [
    'Apia on the day before the one it skipped',
    'Pacific/Apia',
    '2011-12-30T09:59Z',
    '2011-12-29T10:00Z/2011-12-30T10:00Z',
  ],
  // an hour forward at 23:30: the next day has no first half hour
  ['Toronto in 1919', 'America/Toronto', '1919-03-31T12:00Z', '1919-03-31T04:30Z/1919-04-01T04:00Z'],
  // back at 00:01: the evening of the 31st comes again, but the 1st of November has begun
  ["St John's in 2009", 'America/St_Johns', '2009-11-01T03:00Z', '2009-11-01T02:30Z/2009-11-02T03:30Z'],
])('R4: the local day in %s', async (_, zone, at, expected) => {
  expect(await windowOf('day', { at, zone })).toBe(expected);
});

test('R1 R2: a period that began in the minute before the clock goes back over midnight holds the evening that follows', async () => {
  const asked = {
    anchor: '2009-10-25T02:30:30Z',
    every: '7d',
    zone: 'America/St_Johns',
    at: '2009-11-01T03:00Z',
  };
  expect(await windowOf('period', asked)).toBe('2009-11-01T02:30:30Z/2009-11-08T03:30:30Z');
});

test('R4: the second 01:30 of an autumn night in New York is in another hour than the first', async () => {
  const zone = 'America/New_York';
  expect(await windowOf('hour', { at: '2026-11-01T05:30Z', zone })).toBe(
    '2026-11-01T05:00Z/2026-11-01T06:00Z',
  );
  expect(await windowOf('hour', { at: '2026-11-01T06:30Z', zone })).toBe(
    '2026-11-01T06:00Z/2026-11-01T07:00Z',
  );
});

test('R4: Lord Howe repeats half an hour, and that half is a window of its own', async () => {
  const zone = 'Australia/Lord_Howe';
  expect(await windowOf('hour', { at: '2026-04-04T14:59Z', zone })).toBe(
    '2026-04-04T14:00Z/2026-04-04T15:00Z',
  );
  expect(await windowOf('hour', { at: '2026-04-04T15:10Z', zone })).toBe(
    '2026-04-04T15:00Z/2026-04-04T15:30Z',
  );
});

test("R6: calendar windows lie in the customer's zone, period and every_ in the anchor's", async () => {
  const asked = {
    at: '2026-04-10T00:00Z',
    zone: 'Asia/Tokyo',
    anchor: '2026-03-15T08:00Z',
    anchorZone: 'Europe/Berlin',
    every: '1mo',
  };
  expect(await windowOf('month', asked)).toBe('2026-03-31T15:00Z/2026-04-30T15:00Z');
  expect(await windowOf('period', asked)).toBe('2026-03-15T08:00Z/2026-04-15T07:00Z');
  expect(await windowOf('every_7d', asked)).toBe('2026-04-05T07:00Z/2026-04-12T07:00Z');
});

test('R7: rolling windows leave out their start and take in their end', async () => {
  const rows = await sql<{ bounds: string }[]>`
    select b::text as bounds from unnest(array['rolling_3h', 'rolling_1d']) as w,
      subctl_internal.window_of(w, null, '2026-03-29T12:00Z', 'Europe/Berlin', null, null) b`;
  expect(rows.map(({ bounds }) => bounds)).toEqual([
    '("2026-03-29 09:00:00+00","2026-03-29 12:00:00+00"]',
    '("2026-03-28 12:00:00+00","2026-03-29 12:00:00+00"]', // a day of 24 hours, summer time or not
  ]);
});

test('term starts at the anchor, lifetime and session have no edges', async () => {
  const rows = await sql<{ bounds: string }[]>`
    select b::text as bounds from unnest(array['term', 'lifetime', 'session', 'each']) as w,
      subctl_internal.window_of(w, '2026-01-31T10:00Z', '2026-03-29T12:00Z', 'UTC', 'UTC', null) b`;
  const everything = '[-infinity,infinity)';
  expect(rows.map(({ bounds }) => bounds)).toEqual([
    '["2026-01-31 10:00:00+00",infinity)',
    everything,
    everything,
    everything,
  ]);
});
