import { expect, test } from 'vitest';
import { refusalOf } from '../../src/database/refusals.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();

async function kindOf(window: string, every: string | null = null): Promise<string> {
  const [row] = await sql<
    { kind: string; n: number }[]
  >`select kind, n from subctl_internal.window_kind(${window}, ${every})`;
  return `${row!.kind} ${row!.n}`;
}

async function refusal(question: Promise<unknown>) {
  const found = await question.then(() => undefined, refusalOf);
  return { kind: found?.kind, message: found?.message, hint: found?.hint };
}

test.each([
  ['hour', 'hour 0'],
  ['week', 'week 1'],
  ['week_sunday', 'week 7'],
  ['every_7d', 'anchored_day 7'],
  ['every_2w', 'anchored_day 14'],
  ['every_1mo', 'anchored_month 1'],
  ['every_2y', 'anchored_month 24'],
  ['rolling_3h', 'rolling_hour 3'],
  ['rolling_31d', 'rolling_hour 744'],
  ['rolling_744h', 'rolling_hour 744'],
  ['term', 'term 0'],
  ['session', 'session 0'],
  ['period', 'period 0'], // still to be told the subscription's interval
])('the window %s compiles to %s', async (window, expected) => {
  expect(await kindOf(window)).toBe(expected);
});

test('R6: period takes the interval of the subscription', async () => {
  expect([await kindOf('period', '1y'), await kindOf('period', '30d')]).toEqual([
    'anchored_month 12',
    'anchored_day 30',
  ]);
});

test.each([
  '',
  'weekly',
  'every_',
  'every_0d',
  'every_1month',
  'rolling_32d',
  'rolling_745h',
  'rolling_0h',
  'week_',
  'week_sun',
])('R7: the window "%s" is refused, and the forms are named', async (window) => {
  const { kind, message, hint } = await refusal(kindOf(window));
  expect({ kind, message }).toEqual({ kind: 'usage', message: `"${window}" is not a window` });
  expect(hint).toMatch(/every_1mo.*rolling_<n>h.*lifetime/);
});

test.each(['', '1', '0d', '01d', '-1mo', '1.5d', '1month', '1 mo', '1MO'])(
  'the interval "%s" is refused',
  async (every) => {
    const { kind, message, hint } = await refusal(sql`select subctl_internal.interval_parts(${every})`);
    expect({ kind, message }).toEqual({ kind: 'usage', message: `"${every}" is not an interval` });
    expect(hint).toMatch(/30d, 2w, 1mo, 1y/);
  },
);

test('an interval over a hundred years is refused, a hundred is not', async () => {
  expect((await refusal(sql`select subctl_internal.interval_parts('101y')`)).message).toMatch(
    /hundred years/,
  );
  expect((await refusal(sql`select subctl_internal.interval_parts('36501d')`)).message).toMatch(
    /hundred years/,
  );
  expect(
    await sql`select subctl_internal.interval_parts('100y'), subctl_internal.interval_parts('36500d')`,
  ).toHaveLength(1);
});

test('anchored windows without an anchor and unknown kinds are refused, and others need no anchor', async () => {
  const boundsOf = (kind: string) =>
    sql`select subctl_internal.window_bounds(${kind}, null, '2026-01-01', 'UTC', 1)`;
  for (const kind of ['anchored_month', 'anchored_day', 'term'])
    expect((await refusal(boundsOf(kind))).message).toMatch(/without an anchor/);
  expect((await refusal(boundsOf('fortnight'))).message).toBe('"fortnight" is not a kind of window');
  expect(await boundsOf('month')).toHaveLength(1);
});

test('R4: zones are IANA names that the server knows: no offsets, no abbreviations, no rules', async () => {
  const given = [
    'UTC',
    'Europe/Berlin',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    '+02',
    'UTC+2',
    'Etc/GMT-2',
    'EST',
  ];
  const wrong = ['CET-1CEST', 'Europe/Atlantis', 'Foo/Bar5', 'europe/berlin', ''];
  const rows = await sql<{ zone: string }[]>`
    select zone from unnest(${[...given, ...wrong]}::text[]) as zone where subctl_internal.is_timezone(zone)`;
  expect(rows.map(({ zone }) => zone)).toEqual(given.slice(0, 4));
});
