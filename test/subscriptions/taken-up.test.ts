import { beforeAll, expect, it } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { assign } from '../support/plans.ts';
import { check, customer, lay, plan, record, subscribe, used } from '../usage/world.ts';

const { sql } = await testDatabase();

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'season', { every: '3mo', isDefault: true, limits: { messages: { every_2w: 9 } } });
  await plan(sql, 'fortnight', { every: '2w', limits: { messages: { day: 9 } } });
});

/** On season from 6 April, and on a fortnight in its period that ends on 20 April: season takes its own period up again (R32). */
async function returning(id: string) {
  const who = await customer(sql, id);
  await subscribe(sql, who, 'season', { at: '2026-04-06T15:00Z', every: '3mo' });
  const leave = (at: string) =>
    assign(sql, at, { customer: who, plan: 'fortnight', when: 'now', anchor: 'keep', autoRenew: false });
  return { who, leave };
}

const read = async (who: string, at: string) => {
  const [row] = await sql`
    select e.plan_id as plan, e.period_start as start, e.period_end as "end" from subctl_internal.effective_subscription(${who}, ${at}::timestamptz) e`;
  return row!;
};
const write = (who: string, at: string) =>
  sql`select subctl_internal.settle_subscriptions(${at}::timestamptz, array[${who}], null)`;

it('B25 R6: a plan that is taken up again has windows of its own rhythm, not of the plan between, written or not', async () => {
  for (const id of ['written', 'unwritten']) {
    const { who, leave } = await returning(id);
    await record(sql, { customer: who, as_of: '2026-04-08T00:00Z', quantity: 2 });
    await leave('2026-04-19T00:00Z');
    if (id === 'written') await write(who, '2026-06-26T00:00Z');
    const use = { customer: who, as_of: '2026-06-27T00:00Z', quantity: 3 };
    const foretold = await check(sql, use);
    const answer = await record(sql, use);
    expect([used(foretold, 'messages', 'every_2w'), used(answer, 'messages', 'every_2w')]).toEqual([
      '3',
      '3',
    ]);
    // its next period too
    await record(sql, { customer: who, as_of: '2026-07-08T00:00Z' });
    const next = await record(sql, { customer: who, as_of: '2026-07-26T00:00Z' });
    expect(used(next, 'messages', 'every_2w')).toBe('1');
  }
  expect(
    (await failedChecks(sql, new Date('2026-07-27T00:00Z'))).filter(({ check }) => check === 'windows'),
  ).toEqual([]);
});

it('B25 R34a: a plan that is taken up again has its period as a pause has moved it, written or not', async () => {
  const { who, leave } = await returning('paused');
  const until = new Date('2026-04-17T15:00Z');
  await asTester(
    sql,
    (tx, change) => pauseSubscription(tx, change, { customer: who, clock: 'stops', until }),
    new Date('2026-04-07T15:00Z'),
  );
  await leave('2026-04-19T00:00Z');
  const [start, end] = [new Date('2026-04-06T15:00Z'), new Date('2026-07-16T15:00Z')];
  const seen = { plan: 'season', start, end };
  const next = { plan: 'season', start: end, end: new Date('2026-10-16T15:00Z') };
  for (const what of ['unwritten', 'written']) {
    if (what === 'written') await write(who, '2026-05-10T00:00Z');
    expect(await read(who, '2026-05-10T00:00Z')).toEqual(seen);
    expect(await read(who, '2026-07-16T14:00Z')).toEqual(seen);
    expect(await read(who, '2026-07-17T00:00Z')).toEqual(next);
  }
  await write(who, '2026-08-01T00:00Z');
  const wrong = await failedChecks(sql, new Date('2026-08-01T00:00Z'));
  expect(wrong.filter(({ check }) => check === 'renewals')).toEqual([]);
});
