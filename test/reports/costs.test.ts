import Big from 'big.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { costGroups, listCosts } from '../../src/reports/cost-by.ts';
import { listMargins, marginOf } from '../../src/reports/margin.ts';
import { handsOn } from '../invoices/world.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';
import { programOn } from '../support/program.ts';
import { record } from '../usage/world.ts';

const { sql, env } = await testDatabase();
const { say, json } = programOn(env);
const { pay, giveBack, takeBack, numbers } = handsOn(sql);
const day = (n: number) => new Date(Date.UTC(2026, 0, n));
const january = { from: day(1), to: day(32), timezone: 'UTC' };
const sumOf = (values: readonly (string | null)[]) =>
  values.reduce((sum, value) => sum.plus(value ?? 0), new Big(0)).toFixed();

const models = ['gpt-4o', 'claude-sonnet', null];
const customers = ['ann', 'bob', 'cid', 'eva'];

beforeAll(async () => {
  await loadLadder(sql);
  for (const id of customers) await addOne(sql, { id });
  await assign(sql, '2026-01-01T00:00:00Z', { customer: 'ann', plan: 'pro' });
  await assign(sql, '2026-01-11T00:00:00Z', { customer: 'bob', plan: 'max' });
  await assign(sql, '2026-01-20T00:00:00Z', { customer: 'eva', plan: 'pro', currency: 'EUR' });
  const uses = fc.sample(
    fc.record({
      customer: fc.constantFrom(...customers),
      kind: fc.constantFrom('llm', 'image'),
      model: fc.constantFrom(...models),
      cost: fc.integer({ min: 0, max: 9_999_999 }),
      day: fc.integer({ min: 1, max: 31 }),
    }),
    { numRuns: 60, seed: 11 },
  );
  for (const { model, cost, day: on, ...use } of uses.toSorted((a, b) => a.day - b.day))
    await record(sql, {
      ...use,
      ...(model && { model, provider: model === 'gpt-4o' ? 'openai' : 'anthropic' }),
      cost: new Big(cost).div(10_000_000).toFixed(),
      as_of: day(on),
      already_spent: true,
    });
});

describe('usage-report costs', () => {
  it('K10: by model, provider, plan, kind and customer they have one total, that of the events', async () => {
    const [{ cost, uses }] = await sql<[{ cost: string; uses: number }]>`
      select trim_scale(sum(cost))::text as cost, count(*)::int as uses from subctl.usage_events`;
    for (const by of costGroups) {
      const rows = await listCosts(sql, january, by);
      expect(rows.length, by).toBeGreaterThan(1);
      expect(sumOf(rows.map((row) => row.cost)), by).toBe(cost);
      expect(
        rows.reduce((sum, row) => sum + row.uses, 0),
        by,
      ).toBe(uses);
    }
    const table = await say('usage-report costs --by kind --from 2026-01-01 --to 2026-02-01');
    expect(table.stdout).toContain(`total: ${new Big(cost).toFixed(2)} USD`);
  });

  it('the parts of a span sum to the whole, and nobody’s model is a row of its own', async () => {
    const whole = await listCosts(sql, january, 'model');
    const parts = await Promise.all([
      listCosts(sql, { ...january, to: day(14) }, 'model'),
      listCosts(sql, { ...january, from: day(14) }, 'model'),
    ]);
    for (const model of models) {
      const of = (rows: typeof whole) => rows.filter(({ name }) => name === model).map(({ cost }) => cost);
      expect(sumOf(parts.flatMap(of))).toBe(sumOf(of(whole)));
    }
    expect(whole.find(({ name }) => name === null)?.provider).toBeNull();
  });

  it('R26: what has no price is named, not 0', async () => {
    await record(sql, {
      customer: 'ann',
      as_of: '2026-03-02T00:00:00Z',
      provider: 'new',
      model: 'x',
      input_tokens: 5,
    });
    const { stdout, stderr } = await say('usage-report costs --from 2026-03-01 --to 2026-04-01');
    expect(stdout).toMatch(/^new +x +1 +5 +0\.00 +- +1$/m);
    expect(stderr).toContain('1 event has no price');
  });
});

describe('usage-report costs --margin', () => {
  it('sets revenue by accrual against cost, by the share of each period in the span', async () => {
    // ann: 29.99 for January. bob: 99.99 for 11 January to 11 February, of which 21 of 31 days are here. eva pays in another currency.
    const rows = await listMargins(sql, january, 'customer');
    const of = (name: string) => rows.find((row) => row.name === name)!;
    expect(of('ann')).toMatchObject({ plans: '29.99', revenue: '29.99', currency: 'USD' });
    expect(of('bob')).toMatchObject({ plans: '67.74', overage: '0.00' });
    expect(of('cid')).toMatchObject({ revenue: '0.00', margin_percent: null, markup_percent: '-100' });
    expect(of('cid').margin).toBe(new Big(of('cid').cost!).neg().toFixed(2));
    expect(rows.filter(({ name }) => name === 'eva')).toMatchObject([
      { currency: 'EUR', cost: null, margin: null },
      { currency: 'USD', revenue: '0.00' },
    ]);
  });

  it('a refund takes off when it is made, an invoice that was taken back counts for nothing', async () => {
    const [first] = await numbers('ann');
    await pay('2026-01-05T00:00:00Z', first!, 'A');
    await giveBack('2026-01-06T00:00:00Z', first!, { amount: '9.99' });
    await takeBack('2026-01-25T00:00:00Z', (await numbers('eva'))[0]!);
    const rows = await listMargins(sql, january, 'customer');
    expect(rows.find(({ name }) => name === 'ann')).toMatchObject({
      plans: '29.99',
      refunds: '-9.99',
      revenue: '20.00',
    });
    expect(rows.some(({ currency }) => currency === 'EUR')).toBe(false);
  });

  it('people see what was lost first, with the total; a model pays nothing', async () => {
    const { stdout } = await say('usage-report costs --margin --from 2026-01-01 --to 2026-02-01');
    expect(stdout).toMatch(/^free +USD.* 0\.00 +[\d.]+ +-[\d.]+ +- +-100$/m);
    expect(stdout).toMatch(/^total: [\d.]+ - [\d.]+ = -?[\d.]+ USD; revenue by accrual$/m);
    expect(await say('usage-report costs --margin --by model')).toMatchObject({ code: 2, stdout: '' });
    const columns = await json<Record<string, unknown>[]>(
      'usage-report costs --margin --from 2026-01-01 --to 2026-02-01',
    );
    expect(Object.keys(columns[0]!)).toEqual([
      'plan',
      'currency',
      'plans',
      'overage',
      'refunds',
      'revenue',
      'cost',
      'margin',
      'margin_percent',
      'markup_percent',
    ]);
  });

  it('a change of plan: the credit is the old plan’s, what is paid anew the new one’s', async () => {
    await addOne(sql, { id: 'uma' });
    await assign(sql, '2027-01-01T00:00:00Z', { customer: 'uma', plan: 'pro' });
    await assign(sql, '2027-01-11T00:00:00Z', { customer: 'uma', plan: 'max' });
    const span = {
      from: new Date('2027-01-01T00:00:00Z'),
      to: new Date('2027-02-11T00:00:00Z'),
      timezone: 'UTC',
    };
    const rows = await listMargins(sql, span, 'plan');
    expect(
      rows
        .map(({ name, plans }) => [name, plans])
        .filter(([name]) => name === 'pro' || name === 'max')
        .sort(),
    ).toEqual([
      ['max', '99.99'],
      ['pro', '9.67'],
    ]);
  });

  it('the accruals of any split of a period sum to what was paid for it, but for the rounding of each part', async () => {
    const spans = fc.sample(fc.integer({ min: 12, max: 40 }), { numRuns: 8, seed: 5 });
    for (const cut of spans) {
      const parts = [
        await listMargins(sql, { from: day(11), to: day(cut), timezone: 'UTC' }, 'customer'),
        await listMargins(sql, { from: day(cut), to: day(42), timezone: 'UTC' }, 'customer'),
      ];
      const paid = sumOf(
        parts.flatMap((rows) => rows.filter(({ name }) => name === 'bob').map(({ plans }) => plans)),
      );
      expect(new Big(paid).minus('99.99').abs().lte('0.01'), `${cut}: ${paid}`).toBe(true);
    }
  });

  it('margin is revenue less cost, to the cent, whatever they are', () => {
    const money = fc
      .integer({ min: -1_000_000, max: 1_000_000 })
      .map((cents) => new Big(cents).div(100).toFixed());
    fc.assert(
      fc.property(money, money, money, fc.option(money), (plans, overage, refunds, cost) => {
        const row = marginOf({ name: 'x', currency: 'USD', plans, overage, refunds, cost });
        expect(row.revenue).toBe(new Big(sumOf([plans, overage, refunds])).toFixed(2));
        expect(row.margin).toBe(cost === null ? null : new Big(row.revenue).minus(cost).toFixed(2));
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
