import Big from 'big.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { prune } from '../../src/tasks/prune.ts';
import { resetCredits } from '../../src/tasks/reset-credits.ts';
import { resetMonthlyUsage } from '../../src/tasks/reset-monthly-usage.ts';
import { changeOf, usageTrend } from '../../src/usage/trend.ts';
import { testDatabase } from '../support/database.ts';
import { programOn } from '../support/program.ts';
import { run } from '../tasks/fixture.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

interface Printed {
  timezone: string;
  series: {
    what: string;
    meter: string | null;
    points: { label: string; amount: string | null; change_percent: string | null }[];
  }[];
}

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);

const pointsOf = (trend: Printed, name: string) =>
  trend.series.find(({ what, meter }) => what === name || meter === name)!.points;
const amountsOf = (trend: Printed, name: string) => pointsOf(trend, name).map(({ amount }) => amount);
const trendOf = (who: string, line = '') => json<Printed>(`usage trend ${who} ${line}`.trim());

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'any', { isDefault: true, limits: { messages: { month: null } } });
});

describe('usage trend', () => {
  it('T5 G40 defect 54: six months back from 31 March are October to March; February is not skipped, and none comes twice', async () => {
    await customer(sql, 'ann', { at: '2024-01-01T00:00:00Z' });
    for (const [at, quantity] of [
      ['2024-12-31T23:59:59Z', 4],
      ['2025-02-28T12:00:00Z', 5],
      ['2025-03-31T00:00:00Z', 6],
    ] as const)
      await record(sql, { customer: 'ann', as_of: at, quantity, cost: '0.1' });
    const trend = await trendOf('ann', '--as-of 2025-03-31T12:00:00Z');
    expect(pointsOf(trend, 'messages')).toMatchObject([
      { label: '2024-10', amount: '0', change_percent: null },
      { label: '2024-11', amount: '0', change_percent: null },
      { label: '2024-12', amount: '4', change_percent: null },
      { label: '2025-01', amount: '0', change_percent: '-100' },
      { label: '2025-02', amount: '5', change_percent: null },
      { label: '2025-03', amount: '6', change_percent: '20' },
    ]);
    expect(amountsOf(trend, 'cost')).toEqual(['0', '0', '0.1', '0', '0.1', '0.1']);
    expect(amountsOf(trend, 'uses')).toEqual(['0', '0', '1', '0', '1', '1']);
  });

  it('R9: what came later is no part of what is asked as of an instant', async () => {
    const trend = await trendOf('ann', '--months 2 --as-of 2025-03-30T00:00:00Z');
    expect(amountsOf(trend, 'messages')).toEqual(['5', '0']);
    expect(amountsOf(trend, 'uses')).toEqual(['1', '0']);
  });

  it('months are those of the customer’s zone', async () => {
    await customer(sql, 'tim', { zone: 'Asia/Tokyo', at: '2024-01-01T00:00:00Z' });
    await record(sql, { customer: 'tim', as_of: '2025-01-31T15:00:00Z', quantity: 7 });
    const trend = await trendOf('tim', '--months 2 --as-of 2025-02-10T00:00:00Z');
    expect(trend.timezone).toBe('Asia/Tokyo');
    expect(amountsOf(trend, 'messages')).toEqual(['0', '7']);
  });

  it('by billing period, those of the anchor; by day, over a change of the clock', async () => {
    await customer(sql, 'pia', { zone: 'Europe/Berlin', at: '2024-01-01T00:00:00Z' });
    await subscribe(sql, 'pia', 'any', { at: '2025-01-30T23:00:00Z' });
    await record(sql, { customer: 'pia', as_of: '2025-02-28T22:59:59Z', quantity: 1 });
    await record(sql, { customer: 'pia', as_of: '2025-03-30T21:59:59Z', quantity: 2 });
    const periods = await trendOf('pia', '--by period --count 2 --as-of 2025-03-30T21:59:59Z');
    expect(pointsOf(periods, 'messages')).toMatchObject([
      { label: '2025-01-31', amount: '0' },
      { label: '2025-02-28', amount: '3' },
    ]);
    const days = await trendOf('pia', '--by day --count 2 --as-of 2025-03-30T21:59:59Z');
    expect(pointsOf(days, 'messages')).toMatchObject([
      { label: '2025-03-29', amount: '0' },
      {
        label: '2025-03-30',
        amount: '2',
        start: '2025-03-29T23:00:00.000Z',
        end: '2025-03-30T22:00:00.000Z',
        complete: false,
      },
    ]);
  });

  it('people see a line for each meter, CSV and JSON have numbers only', async () => {
    const shown = await say('usage trend ann --as-of 2025-03-31T12:00:00Z');
    expect(shown.stdout).toMatch(/^messages +▁▁▆▁▇█ +5 +6 +\+20 %$/m);
    const alone = await say('usage trend ann --meter messages --months 3 --as-of 2025-03-31T12:00:00Z');
    expect(alone.stdout).toMatch(/^2025-02 +5 +- +█{16}░{4}$/m);
    for (const format of ['csv', 'json'])
      expect(
        (await say(`usage trend ann --format ${format} --as-of 2025-03-31T12:00:00Z`)).stdout,
      ).not.toMatch(/[▁-█░]/);
  });

  it('HTML has a picture of each series', async () => {
    const { stdout } = await say('usage trend ann --as-of 2025-03-31T12:00:00Z --format html');
    const { series } = await trendOf('ann', '--as-of 2025-03-31T12:00:00Z');
    expect(stdout.match(/<svg /g)).toHaveLength(series.length);
  });

  it.each([
    ['--months 0', 2, 'not a whole number from 1 to 400'],
    ['--by day --months 3', 2, '--by day --count 3'],
    ['--meter nothing', 3, 'There is no meter nothing'],
  ])('%s ends with %i', async (line, code, why) => {
    const answer = await say(`usage trend ann ${line}`);
    expect([answer.code, answer.stdout]).toEqual([code, '']);
    expect(answer.stderr).toContain(why);
  });

  it('of months whose events are gone it tells the closed windows, and what no window of a month counted is not known', async () => {
    await run(sql, prune, '2023-11-15T00:00:00Z'); // makes the months
    await customer(sql, 'old', { at: '2023-01-01T00:00:00Z' });
    await customer(sql, 'odd', { at: '2023-01-01T00:00:00Z' });
    await subscribe(sql, 'odd', 'any', { at: '2023-10-15T00:00:00Z' });
    for (const [at, quantity] of [
      ['2023-11-10T00:00:00Z', 3],
      ['2023-12-31T23:00:00Z', 8],
      ['2025-02-10T00:00:00Z', 5],
    ] as const)
      for (const who of ['old', 'odd'])
        await record(sql, { customer: who, as_of: at, quantity, input_tokens: 10 });
    const asked = '--months 17 --as-of 2025-02-15T00:00:00Z';
    const [old, odd] = [await trendOf('old', asked), await trendOf('odd', asked)];
    for (const task of [resetMonthlyUsage, resetCredits, prune]) await run(sql, task, '2025-02-15T00:00:00Z');
    const after = await trendOf('old', asked);
    expect(await sql`select from subctl.usage_events where customer_id = 'old'`).toHaveLength(1);
    for (const name of ['messages', 'tokens', 'uses'])
      expect(amountsOf(after, name), name).toEqual(amountsOf(old, name));
    const shifted = await trendOf('odd', asked); // whose periods are no months
    expect(amountsOf(shifted, 'messages')).toEqual(amountsOf(odd, 'messages'));
    expect(amountsOf(shifted, 'tokens').slice(0, 5)).toEqual([null, null, null, '0', '0']);
    expect(amountsOf(shifted, 'tokens').at(-1)).toBe('10');
    expect((await say(`usage trend odd ${asked}`)).stdout).toMatch(/^tokens +···▁▁/m);
  });
});

it('the sums of a trend are the sum of the events in it, whatever its buckets are', async () => {
  await customer(sql, 'sum', { zone: 'America/New_York', at: '2025-03-01T00:00:00Z' });
  const uses = fc.sample(
    fc.record({
      at: fc.integer({ min: 0, max: 59 * 24 }),
      quantity: fc.integer({ min: 1, max: 9 }),
      cost: fc.integer({ min: 0, max: 99_999 }),
    }),
    { numRuns: 40, seed: 7 },
  );
  const start = Date.parse('2025-03-04T05:00:00Z');
  for (const { at, quantity, cost } of uses.toSorted((a, b) => a.at - b.at))
    await record(sql, {
      customer: 'sum',
      as_of: new Date(start + at * 3_600_000),
      quantity,
      cost: new Big(cost).div(100_000).toFixed(),
    });
  const all = (of: (use: (typeof uses)[number]) => Big) =>
    uses.reduce((sum, use) => sum.plus(of(use)), new Big(0)).toFixed();
  for (const [by, count] of [
    ['month', 3],
    ['week', 12],
    ['day', 75],
  ] as const) {
    const trend = await usageTrend(sql, {
      customer: 'sum',
      now: new Date('2025-05-05T00:00:00Z'),
      by,
      count,
    });
    const total = (name: string) =>
      trend.series
        .find(({ what, meter }) => what === name || meter === name)!
        .points.reduce((sum, { amount }) => sum.plus(amount!), new Big(0))
        .toFixed();
    expect(total('messages'), by).toBe(all(({ quantity }) => new Big(quantity)));
    expect(total('cost'), by).toBe(all(({ cost }) => new Big(cost).div(100_000)));
    expect(total('uses'), by).toBe('40');
  }
});

it.each([
  ['0', '5', null, 'nothing to compare with'],
  ['3', '4', '33.33', 'rounded once'],
  ['8', '5', '-37.5', 'less'],
  ['5', '5', '0', 'the same'],
])('from %s to %s is %s per cent: %s', (from, to, change, _why) => expect(changeOf(from, to)).toBe(change));
