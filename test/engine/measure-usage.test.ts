import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, request, standing } from './steps.ts';

const { sql } = await testDatabase();
const rules = (given = {}) => ['plan_rules', { canonical: 'llm', cost_none: false, ...given }] as const;
const priced = { provider: 'acme', model: 'm1' };

beforeAll(async () => {
  await sql`insert into subctl.models (provider, pattern, free_tier, multiplier) values ('acme', 'free-*', true, 1), ('acme', 'large*', false, 1.5)`;
  await sql`insert into subctl.price_cards values ('acme', 'm1', '2020-01-01', '{input_tokens,output_tokens}', '{2,3}', '{1000,1000}', '{}'), ('acme', 'm1', '2026-03-05', '{input_tokens,output_tokens}', '{4,6}', '{1000,1000}', '{}')`;
});

test.each([
  ['tokens are input and output together', { input_tokens: 7, output_tokens: 3 }, {}, { tokens: 10 }],
  [
    'R28: a multiplier rounds up once',
    { provider: 'acme', model: 'large-2', input_tokens: 3 },
    {},
    { tokens: 5 },
  ],
  [
    'R18: words are estimated, and marked so',
    { units: { words: 10 } },
    {},
    { tokens: 13, is_estimated: true },
  ],
  [
    'the caller may have estimated',
    { metadata: { estimated: true } },
    {},
    { is_estimated: true, tokens: null },
  ],
  ['W12: a use of unknown size', { quantity: 2 }, { estimate_paid: 7.5 }, { tokens: 15, is_estimated: true }],
  ['W12: what failed is not estimated', { status: 'error' }, { estimate_paid: 7.5 }, { tokens: null }],
  [
    'a model of the free tier',
    { provider: 'acme', model: 'free-1' },
    { estimate_free: 2 },
    { tier: 'free', tokens: 2 },
  ],
  ['R25: the price of its own time', { ...priced, input_tokens: 1000 }, {}, { cost: 4, is_unpriced: false }],
  [
    'R26: no price is no cost of 0',
    { provider: 'acme', model: 'm9', input_tokens: 5 },
    {},
    { cost: null, is_unpriced: true },
  ],
  ['R26: tokens without a model have no price', { input_tokens: 5 }, {}, { cost: null, is_unpriced: true }],
  ['a cost that is given holds', { ...priced, input_tokens: 1000, cost: 0.25 }, {}, { cost: 0.25 }],
  ['a kind that costs nothing', { ...priced, input_tokens: 1000 }, { cost_none: true }, { cost: 0 }],
  ['a model that the plan has not', priced, { allowed_models: ['gpt*'] }, { is_excluded: true }],
  ['a model that it has by its provider', priced, { allowed_models: ['acme/m*'] }, { is_excluded: false }],
])('%s', async (_, asked, plan, measured) => {
  expect(await call(sql, 'measure_usage', request(asked), standing(), rules(plan))).toMatchObject(measured);
});

test('R25: a use of the past has the price of the past', async () => {
  const past = standing({ at: '2026-03-04T23:59:59.999Z' });
  expect(
    await call(sql, 'measure_usage', request({ ...priced, output_tokens: 1000 }), past, rules()),
  ).toMatchObject({ cost: 3, price_from: '2020-01-01T00:00:00+00:00' });
});

test('the part of a use that fits is measured again', async () => {
  const whole = { tier: 'paid', multiplier: 1.5, tokens_each: 7, tokens: 105, quantity: 10, cost: 1 };
  const part = await call(
    sql,
    'measure_part',
    request(),
    standing(),
    ['usage_measure', whole],
    ['numeric', '3'],
  );
  expect(part).toMatchObject({ quantity: 3, tokens: 32, cost: 1 });
});
