import { beforeAll, describe, expect, test } from 'vitest';
import { editPlan } from '../../src/catalog/edit-plan.ts';
import { readPlanEdit } from '../../src/catalog/read-plan-edit.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { canUse } from '../../src/subscriptions/can-use.ts';
import { listFeatures } from '../../src/subscriptions/list-features.ts';
import { pauseSubscription } from '../../src/subscriptions/pause.ts';
import { asTester } from '../support/catalogue.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql, env } = await testDatabase();
const start = '2026-01-01T00:00:00Z';

beforeAll(async () => {
  await loadLadder(sql);
  for (const [id, feature] of Object.entries({
    free: ['projects=1', 'exports=0', 'api_access=false'],
    pro: ['projects=10.5', 'support=email'],
    max: ['projects=unlimited', 'support=chat', 'exports=3'],
  }))
    await asTester(sql, (tx, change) => editPlan(tx, change, { id, edit: readPlanEdit({ feature }) }));
  for (const [id, plan] of Object.entries({ ann: 'pro', max: 'max', eve: 'max', ida: 'max' })) {
    await addOne(sql, { id });
    await assign(sql, start, { customer: id, plan, collection: 'complimentary' });
  }
  await addOne(sql, { id: 'new' });
});

const ask = (customer: string, feature: string, at = '2026-01-10T00:00:00Z') =>
  canUse(sql, { customer, feature, now: new Date(at) });

describe('P9 a feature', () => {
  test.each([
    [
      'an amount is had and told exactly',
      'ann',
      'projects',
      { allowed: true, type: 'number', value: '10.5', unlimited: false },
    ],
    [
      'an amount without end is had',
      'max',
      'projects',
      { allowed: true, type: 'number', value: null, unlimited: true },
    ],
    ['an amount of 0 is not had (R11)', 'new', 'exports', { allowed: false, reason: 'disabled', value: '0' }],
    ['a word is had', 'ann', 'support', { allowed: true, type: 'text', value: 'email' }],
    ['yes is had', 'ann', 'api_access', { allowed: true, type: 'boolean', value: true }],
    ['no is not', 'new', 'api_access', { allowed: false, reason: 'disabled', value: false }],
    [
      'what the plan does not name is not',
      'ann',
      'exports',
      { allowed: false, reason: 'not_in_plan', type: 'number', value: null, unlimited: false },
    ],
  ])('%s', async (_, customer, feature, answer) => {
    expect(await ask(customer, feature)).toMatchObject(answer);
  });

  test('says which plans would give it: those that can be had and say more than no or 0', async () => {
    expect((await ask('new', 'api_access')).plans).toEqual(['pro', 'trial', 'max']);
    expect((await ask('new', 'exports')).plans).toEqual(['max']);
  });

  test('follows the subscription by dates alone: paused, canceled, before it began (R16)', async () => {
    await asTester(
      sql,
      (tx, change) => cancelSubscription(tx, change, { customer: 'eve', atOnce: false }),
      new Date('2026-01-03'),
    );
    await asTester(
      sql,
      (tx, change) => pauseSubscription(tx, change, { customer: 'ida', clock: 'stops' }),
      new Date('2026-01-05'),
    );
    expect(await ask('eve', 'projects', '2026-01-31T23:59:59Z')).toMatchObject({
      allowed: true,
      unlimited: true,
    });
    expect(await ask('eve', 'projects', '2026-02-01T00:00:00Z')).toMatchObject({
      allowed: true,
      value: '1',
      plan: 'free',
    });
    expect(await ask('ida', 'projects')).toMatchObject({
      allowed: false,
      reason: 'paused',
      value: null,
      unlimited: true,
    });
    expect(await ask('ida', 'projects', '2026-01-04T00:00:00Z')).toMatchObject({ allowed: true });
    expect(await ask('ann', 'projects', '2025-12-31T00:00:00Z')).toMatchObject({ plan: 'free', value: '1' });
  });

  test('that no plan has, and a customer that is not there, are not found', async () => {
    await expect(ask('ann', 'project')).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(/did you mean projects/) as string,
    });
    await expect(ask('nobody', 'projects')).rejects.toMatchObject({
      kind: 'not_found',
      message: expect.stringMatching(/no customer 'nobody'/) as string,
    });
    await expect(listFeatures(sql, { customer: 'nobody', now: undefined })).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  test('the function for applications answers as the command does, and the clock is its own unless said', async () => {
    const [row] = await sql<
      [{ answer: object }]
    >`select subctl.feature(customer => 'ann', name => 'support') as answer`;
    const answer = await canUse(sql, {
      customer: 'ann',
      feature: 'support',
      now: undefined,
    });
    expect({ ...row.answer, plans: answer.plans }).toEqual(answer);
  });

  test('features lists all there are with what the customer has, and one is exit code 0 or 4', async () => {
    const say = (...words: string[]) => subctl([...words, '--as-of', '2026-01-10'], { env });
    const all = await say('features', 'ann');
    expect(all.stdout).toMatchInlineSnapshot(`
      "feature     has  value  type     reason       plan
      api_access  yes  yes    boolean               pro
      exports     no          number   not in plan  pro
      projects    yes  10.5   number                pro
      sso         no          boolean  not in plan  pro
      support     yes  email  text                  pro
      "
    `);
    const listed = JSON.parse((await say('features', 'ann', '--json')).stdout) as object[];
    expect(listed[2]).toEqual({
      feature: 'projects',
      allowed: true,
      value: '10.5',
      type: 'number',
      reason: null,
      plan: 'pro',
      status: 'active',
      unlimited: false,
    });
    expect(await say('features', 'ann', 'projects')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/projects\s+10\.5/),
    });
    expect(await say('features', 'ann', 'exports')).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/not in plan/),
    });
    expect(await say('features', 'ann', 'nothing')).toMatchObject({ code: 3 });
  });
});
