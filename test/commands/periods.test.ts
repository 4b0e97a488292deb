import { expect, test } from 'vitest';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const { env } = await testDatabase();

const periods = (line: string) => subctl(`periods ${line}`.split(' '), { env });

test('R2: --count lists the first periods from the anchor as index, start and end', async () => {
  const { code, stdout } = await periods(
    '--anchor 2025-01-31T12:00:00Z --every 1mo --timezone UTC --count 2 --json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    { index: 0, start: '2025-01-31T12:00:00.000Z', end: '2025-02-28T12:00:00.000Z' },
    { index: 1, start: '2025-02-28T12:00:00.000Z', end: '2025-03-31T12:00:00.000Z' },
  ]);
});

test('R1: --at shows the one period that contains the instant, and its end belongs to the next', async () => {
  const asked = '--anchor 2025-01-15T09:30:00Z --every 1mo --timezone UTC --json --at';
  expect(JSON.parse((await periods(`${asked} 2025-02-15T09:29:59.999Z`)).stdout)).toMatchObject([
    { index: 0 },
  ]);
  expect(JSON.parse((await periods(`${asked} 2025-02-15T09:30:00Z`)).stdout)).toEqual([
    { index: 1, start: '2025-02-15T09:30:00.000Z', end: '2025-03-15T09:30:00.000Z' },
  ]);
});

test('R4: the wall clock of the zone counts, also before the anchor', async () => {
  const asked =
    '--anchor 2026-04-15T08:00:00Z --every 1mo --timezone Europe/Berlin --json --at 2026-03-20T00:00:00Z';
  expect(JSON.parse((await periods(asked)).stdout)).toEqual([
    { index: -1, start: '2026-03-15T09:00:00.000Z', end: '2026-04-15T08:00:00.000Z' },
  ]);
});

test('without --count and --at there are twelve periods, as a table', async () => {
  const { code, stdout } = await periods('--anchor 2026-01-01 --every 30d');
  expect(code).toBe(0);
  expect(stdout).toMatch(/index +.*start +.*end/i);
  expect(stdout.split('\n').filter((line) => /2026-\d\d-\d\d/.test(line))).toHaveLength(12);
});

test.each([
  ['--anchor 2026-01-01 --every 1month', /1month/],
  ['--anchor 2026-01-01 --every 0d', /0d/],
  ['--anchor 2026-02-30 --every 1mo', /2026-02-30/],
  ['--anchor 2026-01-01 --every 1mo --timezone +02:00', /\+02:00/],
  ['--anchor 2026-01-01 --every 1mo --timezone Europe/Atlantis', /Europe\/Atlantis/],
  ['--anchor 2026-01-01 --every 1mo --count 3 --at 2026-02-01', /--count or --at/],
  ['--anchor 2026-01-01 --every 1mo --count 0', /count/],
  ['--every 1mo', /anchor/],
])('refused with exit 2: periods %s', async (line, sentence) => {
  const { code, stdout, stderr } = await periods(line);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
});
