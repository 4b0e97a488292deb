import { beforeAll, expect, it } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { testDatabase } from '../support/database.ts';
import { assign } from '../support/plans.ts';
import { customer, lay, plan, record, subscribe, used } from './world.ts';

const { sql } = await testDatabase();

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'monthly', { limits: { messages: { every_7d: 20 } } });
  await plan(sql, 'weekly', { every: '7d', limits: { images: { day: 20 } } });
  await plan(sql, 'thirty', { every: '30d', limits: { messages: { every_7d: 20, day: 20 } } });
});

const results = async (at: string) =>
  (await failedChecks(sql, new Date(at))).filter(({ check }) => check.endsWith('windows'));

it('B13 R6: windows that were over when the rhythm changed keep their ends', async () => {
  const who = await customer(sql, 'over');
  await subscribe(sql, who, 'monthly', { at: '2026-09-03T00:00Z' });
  await record(sql, { customer: who, as_of: '2026-10-16T12:00Z', quantity: 3 });
  // the weeks of monthly begin on 8, 15 and 22 October, those that are counted from 3 October on 10, 17 and 24 October
  await record(sql, { customer: who, as_of: '2026-10-18T12:00Z', quantity: 4 });
  await assign(sql, '2026-10-27T00:00Z', { customer: who, plan: 'thirty', when: 'now', anchor: 'keep' });
  await sql`select subctl_internal.close_windows('2026-10-30T00:00Z', array[${who}], 'test', true)`;
  expect(
    await sql`
      select window_end, trim_scale(used)::text as used from subctl.window_usage
       where customer_id = ${who} and "window" = 'every_7d' and used > 0`,
  ).toEqual([{ window_end: new Date('2026-10-22T00:00Z'), used: '7' }]);
  expect(await results('2026-10-30T00:00Z')).toEqual([]);
});

it('R6 R13: a late use counts in the period that goes on with the plan that came after it', async () => {
  const who = await customer(sql, 'goes-on');
  await subscribe(sql, who, 'weekly', { at: '2026-05-02T06:00Z', every: '7d' });
  await assign(sql, '2026-05-28T17:32Z', { customer: who, plan: 'thirty', when: 'now', anchor: 'keep' });
  await record(sql, { customer: who, as_of: '2026-05-28T18:00Z', quantity: 4 });
  const late = await record(sql, { customer: who, at: '2026-05-28T16:31Z', as_of: '2026-05-28T18:31Z' });
  expect(used(late, 'messages', 'period')).toBe('5');
  expect(await results('2026-05-29T00:00Z')).toEqual([]);
});
