import { beforeAll, expect, it } from 'vitest';
import { recordChange } from '../../src/database/change.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { listLimits } from '../../src/customers/list-limits.ts';
import { removeLimit } from '../../src/customers/remove-limit.ts';
import { type NewOverride, setLimit } from '../../src/customers/set-limit.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

const set = (when: string, asked: Omit<NewOverride, 'scope'>, reason: string | undefined = 'bought extra') =>
  inTransaction(sql, async (tx) => {
    const change = await recordChange(tx, {
      now: new Date(when),
      actor: 'tester',
      action: 'limits set',
      reason,
    });
    return setLimit(tx, change, { scope: 'customer', ...asked });
  });
const record = async (customer: string, when: string, quantity: number) =>
  (
    await sql`select subctl.record_usage(${customer}, 'message', as_of => ${when}::timestamptz, quantity => ${quantity})->>'allowed' as ok`
  )[0]!.ok as string;

it('a limit of one’s own holds from now until its end, in place of the plan’s and through a change of plan', async () => {
  await addOne(sql, { id: 'ann' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'ann', plan: 'bare', collection: 'complimentary' });
  await assign(sql, '2026-01-02T00:00:00Z', { customer: 'ann', plan: 'pro', collection: 'complimentary' });
  expect(await record('ann', '2026-01-03T00:00:00Z', 81)).toBe('false');
  await set('2026-01-04T00:00:00Z', {
    customer: 'ann',
    meter: 'messages',
    window: 'period',
    limit: '90',
    until: new Date('2026-01-10T00:00:00Z'),
  });
  expect(await record('ann', '2026-01-05T00:00:00Z', 85)).toBe('true');
  await assign(sql, '2026-01-06T00:00:00Z', { customer: 'ann', plan: 'max', collection: 'complimentary' });
  expect(await record('ann', '2026-01-07T00:00:00Z', 6)).toBe('false');
  expect(await record('ann', '2026-01-10T00:00:00Z', 6)).toBe('true');
});

it('a new one ends the one before; remove gives the plan’s back; the history stays', async () => {
  await addOne(sql, { id: 'bob' });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'bob', plan: 'pro', collection: 'complimentary' });
  const key = { customer: 'bob', meter: 'messages', window: 'month' };
  await set('2026-01-02T00:00:00Z', { ...key, limit: '200' });
  await set('2026-01-03T00:00:00Z', { ...key, limit: null });
  const list = (all: boolean, when: string) => listLimits(sql, { customer: 'bob', now: new Date(when), all });
  expect(await list(false, '2026-01-03T00:00:00Z')).toMatchObject([
    { limit: null, plan_limit: '100', reason: 'bought extra', actor: 'tester' },
  ]);
  const remove = (when: string) =>
    asTester(sql, (tx, change) => removeLimit(tx, change, { ...key, scope: 'customer' }), new Date(when));
  await remove('2026-01-04T00:00:00Z');
  expect(await list(false, '2026-01-04T00:00:00Z')).toEqual([]);
  expect(await list(true, '2026-01-04T00:00:00Z')).toHaveLength(2);
  await expect(remove('2026-01-05T00:00:00Z')).rejects.toMatchObject({ kind: 'not_found' });
});

it('refuses a window that the plan does not count, an unknown meter, an end that is over, and no reason', async () => {
  const key = { customer: 'bob', meter: 'messages', window: 'month', limit: '5' };
  const when = '2026-01-20T00:00:00Z';
  await expect(set(when, { ...key, window: 'day' })).rejects.toMatchObject({
    ...{
      kind: 'refused',
      message: 'Plan pro does not count messages per day',
      hint: 'It counts messages per: month, period',
    },
  });
  await expect(set(when, { ...key, meter: 'mesages' })).rejects.toThrow(/did you mean messages/);
  await expect(set(when, { ...key, until: new Date('2026-01-01T00:00:00Z') })).rejects.toMatchObject({
    kind: 'usage',
  });
  await expect(
    asTester(sql, (tx, change) => setLimit(tx, change, { scope: 'customer', ...key })),
  ).rejects.toThrow(/needs a reason/);
});
