import { beforeAll, describe, expect, it } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';

const { sql, env } = await testDatabase();

/** One use each at these instants; the zone of the settings is Berlin. */
const uses = [
  '2026-07-31T21:30Z',
  '2026-07-31T22:30Z',
  '2026-08-31T21:30Z',
  '2026-09-10T00:00Z',
  '2026-09-15T12:00Z',
];
const asOf = '--as-of 2026-09-15T22:30Z';

const ask = (line: string) => subctl(line.split(' '), { env });

beforeAll(async () => {
  await ask('config set timezone Europe/Berlin --reason test');
  await loadLadder(sql);
  await ask('customers add ann --as-of 2026-01-01');
  for (const at of uses)
    await sql`select subctl.record_usage('ann', 'llm', at => ${at}::timestamptz, as_of => ${at}::timestamptz)`;
});

const listed = async (options: string) => {
  const { stdout, stderr, code } = await ask(`usage events ann --json ${asOf} ${options}`);
  return code === 0
    ? (JSON.parse(stdout) as { at: string }[]).map(({ at }) => at.slice(0, 16)).sort()
    : stderr;
};
const from = (first: number, end = uses.length) => uses.slice(first, end).map((at) => at.slice(0, 16));

describe('spans of time', () => {
  it.each([
    ['--period last-month', from(1, 3)],
    ['--period last-month --tz UTC', from(2, 3)],
    ['--period 2026-08', from(1, 3)],
    ['--period 2026-Q3', from(0)],
    ['--period this-month', from(3)],
    ['--period 2026-07', from(0, 1)],
    ['--last 24h', from(4)],
    ['--last 7d', from(3)],
    ['--from last-month --to this-month', from(1, 3)],
    ['--from 2026-08-01 --tz Europe/Berlin --to yesterday', from(1, 4)],
    ['--from 2026-08-01', from(2)],
    ['--from -16h', from(4)],
  ])('%s', async (options, expected) => {
    expect(await listed(options)).toEqual(expected);
  });

  it.each([
    ['--period last-month --last 3d', 'The options --period and --last contradict each other'],
    ['--last 3d --from today', 'The options --last and --from contradict each other'],
    ['--period 2026-13', "The --period '2026-13' is not a period of the calendar"],
    ['--tz CET', "The --tz 'CET' is not the IANA name of a place"],
  ])('%s is refused', async (options, sentence) => {
    expect(await listed(options)).toContain(sentence);
  });
});

describe('--tz', () => {
  it('is the zone of what a table shows, and of the bounds of a report', async () => {
    const events = await ask(`usage events ann --period 2026-08 --tz Asia/Tokyo ${asOf}`);
    expect(events.stdout).toContain('2026-08-01 06:30+09:00');
    const report = await ask(`usage-report costs --tz Asia/Tokyo ${asOf}`);
    expect(report.stdout).toContain('2026-09-01 00:00+09:00 to 2026-09-16 07:30+09:00');
  });

  it('leaves the other formats in UTC', async () => {
    const { stdout } = await ask(`usage events ann --period 2026-08 --tz Asia/Tokyo --format csv ${asOf}`);
    expect(stdout).toContain('2026-07-31T21:30:00.000Z');
    expect(stdout).not.toContain('+09:00');
  });
});

it('--as-of takes the same times', async () => {
  const { stdout } = await ask('usage-report costs --as-of 2026-09-15 --tz Europe/Berlin');
  expect(stdout).toContain('to 2026-09-15 00:00+02:00');
});
