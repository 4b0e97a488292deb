import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, counted } from './steps.ts';

const { sql } = await testDatabase();

test.each([
  ['R10: used and asked may be exactly the limit', { used: 7, asked: 3, limit_value: 10 }, false],
  ['R10: a unit more is too much', { used: 7, asked: 4, limit_value: 10 }, true],
  ['R11: null is unlimited', { used: 7, asked: 1e9, limit_value: null }, false],
  ['R11: zero allows nothing', { used: 0, asked: 1, limit_value: 0 }, true],
  ['nothing asked exceeds nothing, even where more was used', { used: 12, asked: 0, limit_value: 10 }, false],
  ['what others hold is not there', { used: 5, asked: 3, held: 3, limit_value: 10 }, true],
  ['beside what others hold it fits exactly', { used: 5, asked: 2, held: 3, limit_value: 10 }, false],
  ['fractions are exact', { used: 0.1, asked: 0.2, limit_value: 0.3 }, false],
])('%s', async (_, given, exceeds) => {
  expect(await call(sql, 'exceeds_limit', counted(given))).toBe(exceeds);
});
