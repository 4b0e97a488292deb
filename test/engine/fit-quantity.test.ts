import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, measure, request, standing, tally } from './steps.ts';

const { sql } = await testDatabase();
const rules = ['plan_rules', { credits_unlimited: false }] as const;

test.each([
  ['R12: as much as the limit has room for', 10, [{ used: 7, asked: 10 }], 3],
  [
    'the narrowest limit decides',
    10,
    [
      { used: 7, asked: 10 },
      { used: 8, asked: 10 },
    ],
    2,
  ],
  ['a whole quantity stays whole', 10, [{ used: 7.5, asked: 10 }], 2],
  ['a fraction is cut to six decimals', 2.5, [{ asked: 5, field: 'tokens', limit_value: 1, used: 0 }], 0.5],
  ['what others hold is not there', 10, [{ used: 2, held: 5, asked: 10 }], 3],
  ['cost and tokens fit in proportion', 10, [{ asked: 40, field: 'cost', limit_value: 10, used: 0 }], 2],
  [
    'what counts something else fits whole or not at all',
    10,
    [{ ...{ asked: 1, field: 'count', used: 10 } }],
    0,
  ],
  ['soft limits do not matter', 10, [{ used: 10, asked: 10, is_hard: false }], 10],
  ['where all fits it is the whole', 10, [{ used: 0, asked: 10 }], 10],
  ['a limit that is passed has room for less than nothing', 10, [{ used: 12, asked: 10 }], -2],
])('%s', async (_, quantity, counts, fits) => {
  const asked = [request({ quantity }), standing(), measure({ quantity }), rules, tally({ counts })] as const;
  expect(await call(sql, 'fit_quantity', ...asked)).toBe(fits);
});
