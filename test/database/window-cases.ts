import fc from 'fast-check';
import { clockChanges, type Step } from './window-oracle.ts';

/**
 * Zones with something odd between 2000 and 2030, and the last year that is compared. Where the law is still being made (Gaza and Morocco
 * move their clocks around Ramadan, by forecasts that every release of the zone data changes) the comparison ends with what has happened.
 */
export const zones: Record<string, number> = {
  UTC: 2030,
  'America/New_York': 2030,
  'Europe/Berlin': 2030,
  'Asia/Kolkata': 2030, // half-hour offset, no summer time
  'Asia/Kathmandu': 2030, // quarter-hour offset
  'Australia/Lord_Howe': 2030, // moves by half an hour
  'Pacific/Chatham': 2030, // quarter-hour offset and summer time
  'America/Nuuk': 2030, // the gap ends at midnight
  'America/Scoresbysund': 2030,
  'Africa/Cairo': 2030, // the gap begins at midnight
  'America/Sao_Paulo': 2030, // gap at midnight, until 2018
  'America/Havana': 2030, // gap at midnight, overlap at one
  'Asia/Beirut': 2030,
  'Atlantic/Azores': 2030, // overlap from one to midnight
  'America/St_Johns': 2030, // until 2011 at 00:01: midnight comes twice
  'America/Goose_Bay': 2030,
  'Asia/Tehran': 2030, // gap at midnight, until 2022
  'Pacific/Apia': 2030, // had no 30 December 2011
  'America/Caracas': 2030, // moved by half an hour for good, twice
  'Asia/Pyongyang': 2030,
  'Asia/Colombo': 2030, // half an hour back at 00:30 in 2006
  'Asia/Gaza': 2022, // from 2010 to 2012 at 00:01
  'Africa/Casablanca': 2022,
};

export const intervals: Record<string, Step> = {
  '1d': { months: 0, days: 1 },
  '7d': { months: 0, days: 7 },
  '30d': { months: 0, days: 30 },
  '2w': { months: 0, days: 14 },
  '1mo': { months: 1, days: 0 },
  '3mo': { months: 3, days: 0 },
  '5mo': { months: 5, days: 0 },
  '1y': { months: 12, days: 0 },
  '4y': { months: 48, days: 0 },
};

export interface Case {
  zone: string;
  anchor: number;
  every: string;
  at: number;
}

const hour = 3_600_000;
const changes = new Map(Object.keys(zones).map((zone) => [zone, clockChanges(zone)]));

/** An instant of the zone's years: anywhere, or within three hours of a moved clock, often on the spot or a millisecond beside it. */
function instantIn(zone: string): fc.Arbitrary<number> {
  const [first, last] = [Date.UTC(2000, 0, 3), Date.UTC((zones[zone] as number) + 1, 0, 1) - 1];
  const anywhere = fc.integer({ min: first, max: last });
  const moved = (changes.get(zone) as number[]).filter(
    (at) => at > first + 27 * hour && at < last - 27 * hour,
  );
  if (moved.length === 0) return anywhere;
  const beside = fc.oneof(
    fc.constantFrom(
      -1,
      0,
      1,
      -60_000,
      60_000,
      -hour,
      hour,
      -hour / 2,
      hour / 2,
      -hour - 1,
      24 * hour,
      -24 * hour,
    ),
    fc.integer({ min: -3 * 60, max: 3 * 60 }).map((minutes) => minutes * 60_000),
    fc.integer({ min: -26 * hour, max: 26 * hour }),
  );
  const near = fc.tuple(fc.constantFrom(...moved), beside).map(([at, by]) => at + by);
  return fc.oneof({ weight: 1, arbitrary: anywhere }, { weight: 2, arbitrary: near });
}

/** Cases whose anchors often fall so that a period's start meets a moved clock: the anchor is a whole number of days from one. */
const someCase: fc.Arbitrary<Case> = fc.constantFrom(...Object.keys(zones)).chain((zone) => {
  const [first, last] = [Date.UTC(2000, 0, 3), Date.UTC((zones[zone] as number) + 1, 0, 1) - 1];
  const days = fc.integer({ min: -3000, max: 3000 });
  const fromThere = fc
    .tuple(instantIn(zone), days)
    .map(([at, by]) => Math.min(last, Math.max(first, at + by * 24 * hour)));
  const monthEnd = fc
    .tuple(
      fc.integer({ min: 2000, max: 2022 }),
      fc.integer({ min: 0, max: 11 }),
      fc.integer({ min: 0, max: 72 }),
    )
    .map(([year, month, hours]) => Math.max(first, Date.UTC(year, month + 1, 1) - hours * hour));
  return fc.record({
    zone: fc.constant(zone),
    anchor: fc.oneof(instantIn(zone), fromThere, monthEnd),
    every: fc.constantFrom(...Object.keys(intervals)),
    at: instantIn(zone),
  });
});

/** The same `count` cases on every run; SUBCTL_LONG=1 makes twenty times as many. */
export function casesOf(count: number): Case[] {
  return fc.sample(someCase, { numRuns: process.env['SUBCTL_LONG'] ? count * 20 : count, seed: 20_261_121 });
}
