import { beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customer } from '../usage/world.ts';
import { call, counted, standing, tally } from './steps.ts';

const { sql } = await testDatabase();
const thresholds = ['numeric[]', '{80,90,100}'] as const;
const raise = async (given: object) =>
  (await call<string[]>(sql, 'raise_alerts', ['text', 'ann'], standing(), thresholds, counted(given))).map(
    (alert) => (JSON.parse(alert) as { threshold: string }).threshold,
  );

beforeAll(async () => {
  await sql`insert into subctl.meters (id, name) values ('messages', 'Messages')`;
  await customer(sql, 'ann');
});
beforeEach(async () => void (await sql`delete from subctl.alerts`));

test.each([
  ['R39: exactly at a threshold is reached', { used: 7, asked: 1 }, ['80']],
  ['below it nothing is', { used: 6.9, asked: 1 }, []],
  ['a jump raises all that were passed', { used: 0, asked: 10 }, ['80', '90', '100']],
  ['a limit of 0 raises none', { limit_value: 0, asked: 1 }, []],
  ['a closed window raises none', { used: 9, is_closed: true }, []],
  ['a window that is over raises none', { used: 9, ends: '2026-03-10T12:00:00Z' }, []],
  ['single uses raise none', { used: 9, kept: 'none' }, []],
])('%s', async (_, given, raised) => {
  expect(await raise(given)).toEqual(raised);
});

test('R39: once for a window and limit value', async () => {
  expect(await raise({ used: 8 })).toEqual(['80', '90']);
  expect(await raise({ used: 9 })).toEqual(['100']);
  expect(await raise({ used: 8, limit_value: 10.5 })).toEqual(['80']);
  expect(await raise({ used: 8, starts: '2026-04-01T00:00:00Z', ends: '2026-05-01T00:00:00Z' })).toEqual([
    '80',
    '90',
  ]);
});

test('a rolling window raises once in its length', async () => {
  const rolling = { kept: 'rolling', win: 'rolling_2h', starts: '2026-03-10T10:00:00Z', ends: null, used: 7 };
  expect(await raise(rolling)).toEqual(['80']);
  expect(await raise(rolling)).toEqual([]);
  expect(await raise({ ...rolling, starts: '2026-03-10T12:00:00Z' })).toEqual([]);
});

test('rows, adjustments and refusals are written where the window is kept', async () => {
  const row = { kept: 'row', slot: null, used: 2, asked: 3 };
  const write = (given: object) =>
    call(sql, 'write_usage_counts', ['text', 'ann'], standing(), thresholds, tally({ counts: [given] }));
  await write(row);
  await write(row);
  await write({ ...row, is_closed: true });
  await write({ kept: 'slot', slot: 1 });
  await call(sql, 'count_refusal', ['text', 'ann'], tally({ counts: [row] }), ['int', '1']);
  expect(await sql`select used, refused from subctl.usage_counters`).toEqual([{ used: '8', refused: '1' }]);
  expect(await sql`select amount, reason from subctl.usage_adjustments`).toEqual([
    { amount: '3', reason: 'late event' },
  ]);
  const slot = tally({ refused: [4], counts: [{ kept: 'slot', slot: 1 }] });
  expect(await call(sql, 'count_refusal', ['text', 'ann'], slot, ['int', '1'])).toMatchObject({
    refused: [5],
  });
});
