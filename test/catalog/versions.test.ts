import { describe, expect, test } from 'vitest';
import { setPlanActive } from '../../src/catalog/activate-plan.ts';
import { createPlan } from '../../src/catalog/create-plan.ts';
import { editPlan } from '../../src/catalog/edit-plan.ts';
import { getPlan } from '../../src/catalog/find-plans.ts';
import { listPlans } from '../../src/catalog/list-plans.ts';
import { readPlanEdit } from '../../src/catalog/read-plan-edit.ts';
import { showPlan } from '../../src/catalog/show-plan.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { subscribe } from '../support/subscribe.ts';

const { sql } = await testDatabase();
const words = readPlanEdit;
const create = (id: string, edit = {}) =>
  asTester(sql, (tx, change) => createPlan(tx, change, { id, edit: words(edit) }));
const edit = (id: string, wish: object) =>
  asTester(sql, (tx, change) => editPlan(tx, change, { id, edit: words(wish) }));

describe('creating', () => {
  test('P1 a plan has a key, a name, prices, a rank, limits, credits, features and seats', async () => {
    const saved = await create('pro', {
      name: 'Pro',
      rank: '2',
      price: ['1mo=29.99', '1mo=27.50EUR'],
      limit: [
        'messages/day=20',
        'tokens/month=unlimited',
        'calls.gemini/period=0',
        'messages/day/member=5:soft',
      ],
      credits: '100',
      feature: ['api', 'export'],
      maxUsers: '10',
    });
    expect(saved).toMatchObject({ action: 'created', version: 1 });
    const { version, ...plan } = await getPlan(sql, 'pro');
    expect(plan).toMatchObject({ name: 'Pro', rank: 2, active: true, isDefault: false });
    expect(version.prices.map(({ currency, amount }) => `${currency} ${amount}`)).toEqual([
      'EUR 27.50',
      'USD 29.99',
    ]);
    expect(version.limits.map(({ meter, window, scope, value }) => [meter, window, scope, value])).toEqual([
      ['calls.gemini', 'period', 'customer', '0'],
      ['messages', 'day', 'customer', '20'],
      ['messages', 'day', 'member', '5'],
      ['tokens', 'month', 'customer', null],
    ]);
    expect(version.features).toEqual([
      { name: 'api', type: 'boolean', value: true },
      { name: 'export', type: 'boolean', value: true },
    ]);
    expect(version).toMatchObject({ credits: '100', maxUsers: 10 });
  });

  test('P1 keys are unique, and negative numbers are refused', async () => {
    await expect(create('pro')).rejects.toMatchObject({
      kind: 'conflict',
      message: 'Plan pro already exists',
    });
    await expect(create('Pro 2')).rejects.toMatchObject({ kind: 'usage' });
    for (const bad of [
      { price: ['1mo=-1'] },
      { limit: ['messages/day=-1'] },
      { credits: '-1' },
      { rank: '-1' },
    ])
      expect(() => words(bad)).toThrow(/negative|whole number/);
  });

  test('P5 an unknown meter is refused with the one that was meant', async () => {
    await expect(create('typo', { limit: ['mesages/day=1'] })).rejects.toMatchObject({
      kind: 'not_found',
      message: "There is no meter 'mesages', did you mean messages?",
    });
  });

  test('P7 a plan sold by the month and the year counts its limits and credits by the month', async () => {
    await create('yearly', { price: ['1mo=10', '1y=100'], limit: ['messages/period=5'], credits: '7' });
    const { version } = await getPlan(sql, 'yearly');
    expect(version.limits[0]!.window).toBe('every_1mo');
    expect(version.creditsEvery).toBe('1mo');
  });
});

describe('editing', () => {
  test('P2 a version that nobody depends on is edited in place, and audited with old and new value', async () => {
    await create('solo', { price: ['1mo=10'], limit: ['messages/day=20'] });
    const saved = await edit('solo', { price: ['1mo=12'], limit: ['messages/day=30'], name: 'Solo' });
    expect(saved).toMatchObject({ action: 'edited', version: 1, staying: 0 });
    const [row] = await sql`
      select before->>'price 1mo USD' as before, after->>'price 1mo USD' as after from subctl.audit_log
       where entity = 'plan_version' and entity_key = 'solo 1' and before is not null`;
    expect(row).toEqual({ before: '10.00', after: '12.00' });
  });

  test('P2 a version with subscribers is never changed: the next one is for new subscribers', async () => {
    await create('team', { price: ['1mo=10'], limit: ['messages/day=20'] });
    await subscribe(sql, { customer: 'ann', plan: 'team' });
    const saved = await edit('team', { limit: ['messages/day=30'] });
    expect(saved).toMatchObject({ action: 'versioned', version: 2, staying: 1 });
    const { versions } = await showPlan(sql, { id: 'team' });
    expect(
      versions.map(({ number, subscribers, limits }) => [number, subscribers, limits[0]!.value]),
    ).toEqual([
      [2, 0, '30'],
      [1, 1, '20'],
    ]);
    const rules =
      await sql`select version, lims from subctl.plan_rules where plan_id = 'team' and kind = 'messages' order by version`;
    expect(rules.map(({ version, lims }) => [version, (lims as string[]).filter(Boolean)])).toEqual([
      [1, ['20']],
      [2, ['30']],
    ]);
  });

  test('P8 rank, name and fallback are no part of a version', async () => {
    const saved = await edit('team', { rank: '3', name: 'Team', fallback: 'plan:solo' });
    expect(saved).toMatchObject({ action: 'edited', version: 2 });
    expect(await getPlan(sql, 'team')).toMatchObject({
      rank: 3,
      name: 'Team',
      fallback: 'plan',
      fallbackPlanId: 'solo',
    });
  });

  test('an edit that changes nothing leaves no version', async () => {
    expect(await edit('team', { limit: ['messages/day=30.0'] })).toMatchObject({
      action: 'unchanged',
      changed: false,
    });
  });

  test('taking away what is not there is refused', async () => {
    await expect(edit('team', { unsetLimit: ['tokens/day'] })).rejects.toThrow(
      'Plan team has no limit tokens/day',
    );
    await expect(edit('nobody', {})).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('a fallback that is no plan is refused', async () => {
    await expect(edit('team', { fallback: 'plan:gone' })).rejects.toThrow(
      "falls back to 'gone', which is not a plan",
    );
  });

  test('a Stripe price stays with its amount and goes with another', async () => {
    await create('paid', { price: ['1mo=10'], stripePrice: ['1mo=price_1'] });
    await edit('paid', { price: ['1mo=10.00'] });
    expect((await getPlan(sql, 'paid')).version.prices[0]!.stripePriceId).toBe('price_1');
    await edit('paid', { price: ['1mo=11'] });
    expect((await getPlan(sql, 'paid')).version.prices[0]!.stripePriceId).toBe(null);
  });
});

describe('default and active', () => {
  test('P12 there is exactly one default plan: the one before gives way', async () => {
    await create('first', { default: true });
    await create('second', { default: true });
    expect((await sql`select id from subctl.plans where is_default`).map(({ id }) => id as string)).toEqual([
      'second',
    ]);
  });

  test('P3 the default plan cannot be deactivated', async () => {
    const off = asTester(sql, (tx, change) => setPlanActive(tx, change, { id: 'second', active: false }));
    await expect(off).rejects.toMatchObject({
      kind: 'refused',
      message: 'Plan second is the default plan and must stay active',
    });
  });

  test('P3 P4 an inactive plan keeps its subscribers and is listed on request', async () => {
    const off = await asTester(sql, (tx, change) => setPlanActive(tx, change, { id: 'team', active: false }));
    expect(off).toEqual({ plan: 'team', active: false, changed: true, subscribers: 1 });
    const listed = async (all: boolean) => (await listPlans(sql, { all })).find(({ id }) => id === 'team');
    expect(await listed(false)).toBeUndefined();
    expect(await listed(true)).toMatchObject({ active: false, subscribers: 1 });
  });

  test('P2 usage counted against the default plan without a subscription depends on its version too', async () => {
    await sql`
      insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier, plan_id, version)
      values ('bob', '2025-01-01', gen_random_uuid(), '2025-01-01', 'llm', 1, 'paid', 'second', 1)`;
    expect(await edit('second', { credits: '5' })).toMatchObject({
      action: 'versioned',
      version: 2,
      staying: 0,
    });
  });
});
