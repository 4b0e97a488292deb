import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { reserve } from './holds.ts';
import { check, customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '1.5' });
  await plan(sql, 'several', {
    limits: { images: { day: 12, month: 20, rolling_3h: 9, each: 7, session: 10, year: [5, 'soft'] } },
    credits: '9',
  });
});

const use = fc.record({
  quantity: fc.integer({ min: 1, max: 14 }),
  hoursAgo: fc.constantFrom(0, 2, 5, 30),
  how: fc.constantFrom('record', 'reserve', 'spent'),
});

test('R12: a part is all that fits: windows, holds and credits together leave that much and not one more', async () => {
  let parts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(use, { maxLength: 4 }),
      fc.integer({ min: 2, max: 20 }),
      async (before, asked) => {
        const who = await customer(sql, `p${(count += 1)}`);
        await subscribe(sql, who, 'several', { at: '2026-03-01T00:00:00Z' });
        for (const { quantity, hoursAgo, how } of before.sort((a, b) => b.hoursAgo - a.hoursAgo)) {
          const as_of = new Date(Date.parse(noon) - hoursAgo * 3_600_000).toISOString();
          const told = { customer: who, kind: 'image', quantity, as_of, session: 's' };
          if (how === 'reserve') await reserve(sql, { ...told, hold: '40 hours' });
          else await record(sql, { ...told, ...(how === 'spent' && { already_spent: true }) });
        }
        const told = { customer: who, kind: 'image', session: 's', as_of: noon };
        const fits = async (quantity: number) => (await check(sql, { ...told, quantity })).allowed;
        const foretold = await check(sql, { ...told, quantity: asked, partial: true });
        let most = asked;
        while (most > 0 && !(await fits(most))) most -= 1;
        const answer = await record(sql, { ...told, quantity: asked, partial: true });
        expect([foretold.allowed, answer.allowed]).toEqual([most > 0, most > 0]);
        if (most === 0 || most === asked) return;
        parts += 1;
        expect(answer).toMatchObject({ partial: true, asked: String(asked), quantity: String(most) });
        expect(answer.credits?.used).toBe(String(most * 1.5));
      },
    ),
    { seed: 12, numRuns: 60 },
  );
  expect(parts).toBeGreaterThan(15);
});
