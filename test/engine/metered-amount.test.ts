import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call } from './steps.ts';

const { sql } = await testDatabase();
const amounts = { quantity: 2, tokens: 30, cost: 0.5, input: 20, output: 10, units: { bytes: '64' } };

test.each([
  ['quantity', 2],
  ['tokens', 30],
  ['cost', 0.5],
  ['count', 1],
  ['input', 20],
  ['output', 10],
  ['bytes', 64],
  ['pages', 0],
])('a meter of %s counts %d', async (field, amount) => {
  expect(await call(sql, 'metered_amount', ['text', field], ['usage_amounts', amounts])).toBe(amount);
});

test('what was not given counts nothing', async () => {
  for (const field of ['tokens', 'cost', 'input', 'bytes'])
    expect(await call(sql, 'metered_amount', ['text', field], ['usage_amounts', { quantity: 1 }])).toBe(0);
});
