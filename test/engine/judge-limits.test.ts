import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { call, counts, verdict } from './steps.ts';

const { sql } = await testDatabase();
const full = { used: 10, limit_value: 10 };

test.each([
  [
    'R8: the hard limit with the least room is named',
    [
      { used: 9, asked: 3 },
      { used: 10, asked: 3 },
    ],
    2,
    true,
  ],
  ['R8: of two alike the first', [full, full], 1, true],
  ['a limit that has room is not named', [{ used: 1 }, full], 2, true],
  ['a soft limit that is passed is overage and refuses nothing', [{ ...full, is_hard: false }], null, true],
  ['what is held by others refuses, and is no overage', [{ used: 5, asked: 2, held: 4 }], 1, false],
  ['where all fits nothing is said', [{ used: 9 }], null, false],
] as const)('%s', async (_, given, breach, overage) => {
  expect(await call(sql, 'judge_limits', counts(...given), verdict())).toMatchObject({
    ...{ breach, is_overage: overage },
  });
});
