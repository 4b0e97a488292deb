import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { loadLadder } from '../support/plans.ts';
import { addPeople, deeds, doDeed } from './busy.ts';
import { failedChecks } from './failed-checks.ts';
import { enrichLadder, runTasks } from './town.ts';

const { sql } = await testDatabase();
const end = new Date('2026-07-15T00:00:00Z');
let plays = 0;

beforeAll(async () => {
  await loadLadder(sql);
  await enrichLadder(sql);
});

it('R45 finds nothing after generated months of uses, changes of plan, cancellations, limits, moves and credits', async () => {
  await fc.assert(
    fc.asyncProperty(deeds, async (all) => {
      const ids = await addPeople(sql, (plays += 1));
      for (const deed of all) await doDeed(sql, ids, deed);
      expect(await failedChecks(sql, end)).toEqual([]);
      await runTasks(sql, end.toISOString());
      expect(await failedChecks(sql, end)).toEqual([]);
    }),
    { seed: 45, numRuns: process.env['SUBCTL_LONG'] ? 200 : 15, endOnFailure: true },
  );
}, 1_200_000);
