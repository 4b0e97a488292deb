import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedChecks } from './failed-checks.ts';
import { customersOf, lifeOf, moveTo, runTasks } from '../stories/lives.ts';
import { prepare } from '../stories/plans.ts';
import { testDatabase } from '../support/database.ts';

describe('doctor --deep on clean data', async () => {
  const { sql } = await testDatabase();
  await prepare(sql);
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2025-01-01', 'tester', 'lives')`;
  const now = new Date('2025-09-01T00:00:00Z');
  const wrong = () => failedChecks(sql, now);
  let count = 0;

  it('R45 says nothing, before there is any data and after', async () => {
    expect(await wrong()).toEqual([]);
  });

  it('R45 finds nothing in generated lives, whenever the tasks run', async () => {
    await fc.assert(
      fc.asyncProperty(lifeOf(), fc.integer({ min: 1, max: 9 }), async (moves, nth) => {
        const prefix = `l${(count += 1)}-`;
        const customers = customersOf(moves, prefix);
        for (const [index, move] of moves.entries()) {
          await moveTo(sql, prefix, move);
          if (index % nth === 0) await runTasks(sql, customers, move.at);
        }
        expect(await wrong()).toEqual([]);
        await runTasks(sql, customers, new Date(moves.at(-1)!.at.getTime() + 40 * 86_400_000));
        expect(await wrong()).toEqual([]);
      }),
      { seed: 20_261_121, numRuns: process.env['SUBCTL_LONG'] ? 200 : 20, endOnFailure: true },
    );
  }, 1_200_000);
});
