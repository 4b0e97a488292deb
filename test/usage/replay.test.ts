import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { reserve } from './holds.ts';
import { customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
const later = '2026-03-10T13:30:00Z';
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '1.5', llm: '0.25' });
  await plan(sql, 'pro', {
    limits: {
      messages: { day: 20, rolling_3h: 30, month: null },
      images: { each: 9, session: 12, period: [15, 'soft'] },
    },
    memberLimits: { messages: { day: 8 } },
    credits: '40',
  });
});

const use = fc.record({
  kind: fc.constantFrom('llm', 'image'),
  quantity: fc.integer({ min: 1, max: 12 }),
  session: fc.option(fc.constantFrom('s1', 's2'), { nil: undefined }),
  partial: fc.boolean(),
});

test('R15: a key again has the first answer back whole, with what others held of limits and credits then', async () => {
  let holding = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(use, { maxLength: 3 }), use, async (holds, asked) => {
      const who = await customer(sql, `r${(count += 1)}`);
      await subscribe(sql, who, 'pro', { at: '2026-03-01T00:00:00Z' });
      for (const each of holds) await reserve(sql, { customer: who, as_of: noon, ...each });
      const told = { customer: who, ...asked, as_of: noon, key: 'once' };
      const first = await record(sql, told);
      if (!first.allowed) return;
      if (first.limits.some((limit) => 'held' in limit)) holding += 1;
      // what is held has gone meanwhile, and others have used something
      await record(sql, { customer: who, kind: 'llm', as_of: later });
      expect(await record(sql, { ...told, as_of: later })).toEqual({ ...first, replayed: true });
    }),
    { seed: 15, numRuns: 60 },
  );
  expect(holding).toBeGreaterThan(10);
});

test('R11: of what is unlimited others may hold something, and what is left of it has no number', async () => {
  const who = await customer(sql, 'unlimited');
  await subscribe(sql, who, 'pro', { at: '2026-03-01T00:00:00Z' });
  await reserve(sql, { customer: who, kind: 'llm', quantity: 3, as_of: noon });
  const { limits } = await record(sql, { customer: who, kind: 'llm', as_of: noon });
  expect(limits.filter(({ window }) => window === 'month' || window === 'day')).toMatchObject([
    { window: 'day', held: '3', available: '16' },
    { window: 'month', limit: null, held: '3', available: null },
  ]);
});
