import { expect, test, vi } from 'vitest';
import type { Db } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { type Case, casesOf, intervals } from './window-cases.ts';
import {
  anchoredPeriod,
  type Bounds,
  calendarWindow,
  clockHour,
  periodIndex,
  periodStart,
  type Step,
} from './window-oracle.ts';

const { sql } = await testDatabase();

vi.setConfig({ testTimeout: 300_000 }); // for SUBCTL_LONG; a short run takes some seconds in all

const cases = casesOf(4000);
const units = ['day', 'week', 'month', 'year'] as const;
const unitOf = (index: number) => units[index % units.length]!;
const iso = (at: number) => new Date(at).toISOString();
const stepOf = ({ every }: Case) => intervals[every] as Step;

/** One query for all cases: `range` is SQL over anchor, every, at, zone and i, the position from zero. */
async function boundsOf(range: string, given: readonly Case[] = cases, db: Db = sql): Promise<Bounds[]> {
  const rows = await db<{ start: string; end: string }[]>`
    select extract(epoch from lower(b)) * 1000 as start, extract(epoch from upper(b)) * 1000 as "end"
      from (select ${db.unsafe(range)} as b, i
              from (select anchor, every, at, zone, (n - 1)::int as i
                      from unnest(${given.map((c) => iso(c.anchor))}::text[]::timestamptz[], ${given.map((c) => c.every)}::text[],
                        ${given.map((c) => iso(c.at))}::text[]::timestamptz[], ${given.map((c) => c.zone)}::text[])
                        with ordinality as c(anchor, every, at, zone, n)) given) found
     order by i`;
  return rows.map(({ start, end }) => ({ start: Number(start), end: Number(end) }));
}

/** Each case whose bounds differ, in words; a list of the first three reads better than a diff of thousands. */
function disagreements(
  found: readonly Bounds[],
  expected: readonly Bounds[],
  given: readonly Case[] = cases,
): string[] {
  expect(found).toHaveLength(expected.length);
  const show = ({ start, end }: Bounds) => `[${iso(start)}, ${iso(end)})`;
  return given
    .map(({ zone, anchor, every, at }, i) => ({
      text: `${zone} anchor ${iso(anchor)} every ${every} at ${iso(at)} unit ${unitOf(i)}`,
      is: show(found[i]!),
      should: show(expected[i]!),
    }))
    .filter(({ is, should }) => is !== should)
    .map(({ text, is, should }) => `${text}: is ${is}, should be ${should}`)
    .slice(0, 3);
}

test('R1 R2 R3 R4: the anchored period of any instant is the one that Temporal finds, in every zone', async () => {
  const expected = cases.map((c) => anchoredPeriod(c.anchor, stepOf(c), c.at, c.zone));
  expect(
    disagreements(await boundsOf('subctl_internal.period_at(anchor, every, at, zone)'), expected),
  ).toEqual([]);
});

test('R1 R2: start <= t < end for every instant, and the next period starts where this one ends', async () => {
  const periods = await boundsOf('subctl_internal.period_at(anchor, every, at, zone)');
  const following = cases.map((c, i) => ({ ...c, at: periods[i]!.end }));
  const last = cases.map((c, i) => ({ ...c, at: periods[i]!.end - 1 }));
  expect(cases.filter(({ at }, i) => at < periods[i]!.start || at >= periods[i]!.end)).toEqual([]);
  const next = await boundsOf('subctl_internal.period_at(anchor, every, at, zone)', following);
  expect(following.filter(({ at }, i) => next[i]!.start !== at)).toEqual([]);
  expect(
    disagreements(await boundsOf('subctl_internal.period_at(anchor, every, at, zone)', last), periods, last),
  ).toEqual([]);
});

test('R2: period_index and period_start are the two halves of period_at, before the anchor too', async () => {
  const indexed = await boundsOf(`tstzrange(
    subctl_internal.period_start(anchor, every, subctl_internal.period_index(anchor, every, at, zone), zone),
    subctl_internal.period_start(anchor, every, subctl_internal.period_index(anchor, every, at, zone) + 1, zone))`);
  const expected = cases.map((c) => {
    const k = periodIndex(c.anchor, stepOf(c), c.at, c.zone);
    return {
      start: periodStart(c.anchor, stepOf(c), k, c.zone),
      end: periodStart(c.anchor, stepOf(c), k + 1, c.zone),
    };
  });
  expect(disagreements(indexed, expected)).toEqual([]);
  expect(
    disagreements(await boundsOf('subctl_internal.period_at(anchor, every, at, zone)'), indexed),
  ).toEqual([]);
});

test('R1 R2 R9: a plain period ends where the period of its start does, and is none where that is no start', async () => {
  const periods = await boundsOf('subctl_internal.period_at(anchor, every, at, zone)');
  // most begin with their period, or an hour later: the same time again where a clock was set back; others anywhere
  const given = cases.map((c, i) => ({
    ...c,
    at: i % 4 === 3 ? c.at : periods[i]!.start + (i % 4 === 2 ? 3_600_000 : 0),
  }));
  const range =
    '(select tstzrange(at, p.ends) from subctl_internal.months_period_end(anchor, every, at, zone) p)';
  const found = await boundsOf(`coalesce(${range}, 'empty')`, given);
  const plain = given.flatMap((c, i) =>
    found[i]!.end === 0 ? [] : [{ c, is: found[i]!, should: periods[i]! }],
  );
  expect(plain.length).toBeGreaterThan(cases.length / 10);
  expect(plain.filter(({ is, should }) => is.start !== should.start || is.end !== should.end)).toEqual([]);
});

test('R9: a plain period does not begin at a time that comes again because the clock was set back', async () => {
  const rows = await sql`
    select at, count(p.ends)::int as plain, bool_and(p.ends = upper(b) and lower(b) = at) as same
      from unnest(array['2025-10-26T00:30Z', '2025-10-26T01:30Z', '2025-11-26T01:30Z']::timestamptz[]) at
     cross join lateral subctl_internal.period_at('2025-08-26T00:30Z', '1mo', at, 'Europe/Berlin') b
      left join lateral subctl_internal.months_period_end('2025-08-26T00:30Z', '1mo', at, 'Europe/Berlin') p on true group by at order by at`;
  expect(rows[1]).toMatchObject({ plain: 0 }); // 02:30 for the second time
  expect(rows[2]).toMatchObject({ plain: 1, same: true });
  expect(rows[0]!['same']).not.toBe(false);
});

test('R4 R5: day, week, month and year around any instant start at local midnight or at the first instant after it', async () => {
  const expected = cases.map((c, i) => calendarWindow(unitOf(i), c.at, c.zone));
  const range = `subctl_internal.window_bounds((array['${units.join("','")}'])[i % 4 + 1], null, at, zone, 0)`;
  expect(disagreements(await boundsOf(range), expected)).toEqual([]);
});

test('R5: a week may start on another day', async () => {
  const expected = cases.map((c, i) => calendarWindow('week', c.at, c.zone, (i % 7) + 1));
  expect(
    disagreements(
      await boundsOf(`subctl_internal.window_bounds('week', null, at, zone, i % 7 + 1)`),
      expected,
    ),
  ).toEqual([]);
});

test('R4: an hour that comes twice is two windows, and a shift within an hour cuts it', async () => {
  const given = cases.filter((_, i) => i % 4 === 0);
  const expected = given.map((c) => clockHour(c.at, c.zone));
  expect(
    disagreements(
      await boundsOf(`subctl_internal.window_bounds('hour', null, at, zone, 0)`, given),
      expected,
      given,
    ),
  ).toEqual([]);
});

test('R1: the calendar windows tile: each ends where the next starts', async () => {
  for (const kind of ['hour', 'day', 'week', 'month', 'year']) {
    const range = `subctl_internal.window_bounds('${kind}', null, at, zone, 0)`;
    const windows = await boundsOf(range);
    expect(cases.filter(({ at }, i) => at < windows[i]!.start || at >= windows[i]!.end)).toEqual([]);
    const following = cases.map((c, i) => ({ ...c, at: windows[i]!.end }));
    const next = await boundsOf(range, following);
    expect(following.filter(({ at }, i) => next[i]!.start !== at)).toEqual([]);
  }
});

test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'])(
  'R4 defect 84: a session whose own clock is %s finds the same periods and windows',
  async (zone) => {
    const given = cases.slice(0, 1500);
    const range = `case i % 3 when 0 then subctl_internal.period_at(anchor, every, at, zone) when 1 then subctl_internal.window_bounds('day', null, at, zone, 0)
                        else subctl_internal.window_bounds('hour', null, at, zone, 0) end`;
    const here = await boundsOf(range, given);
    const there = await sql.begin(async (tx) => {
      await tx`select set_config('TimeZone', ${zone}, true)`;
      return boundsOf(range, given, tx);
    });
    expect(disagreements(there, here, given)).toEqual([]);
  },
);
