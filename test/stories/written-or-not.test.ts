import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { customersOf, lifeOf, moveTo, runTasks } from './lives.ts';
import { prepare } from './plans.ts';
import { readAt } from './readings.ts';

const day = 86_400_000;
const { sql } = await testDatabase();
await prepare(sql);
const runs = process.env['SUBCTL_LONG'] ? 100 : 10;
let count = 0;

it('B17 B29 R16 R35: what is read at an instant is the same before and after a late task has written it', async () => {
  const property = fc.asyncProperty(
    lifeOf(),
    fc.integer({ min: 0, max: 80 }),
    fc.array(fc.integer({ min: -160 * 24, max: 13 * 24 }), { minLength: 20, maxLength: 20 }),
    async (moves, late, hours) => {
      const prefix = `w${(count += 1)}-`;
      for (const move of moves) await moveTo(sql, prefix, move);
      const now = new Date(moves.at(-1)!.at.getTime() + late * day);
      const instants = hours.sort((a, b) => a - b).map((n) => new Date(now.getTime() + n * 3_600_000));
      for (const customer of customersOf(moves, prefix)) {
        const unwritten = await readAt(sql, customer, { instants, now });
        expect(unwritten.map(({ listed }) => listed)).toEqual(unwritten.map(({ balance }) => balance));
        await runTasks(sql, [customer], now);
        expect(await readAt(sql, customer, { instants, now }), customer).toEqual(unwritten);
      }
    },
  );
  await fc.assert(property, { seed: 17, numRuns: runs, endOnFailure: true });
});
