import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Preflight, preflightUses } from '../../src/usage/preflight.ts';
import { testDatabase } from '../support/database.ts';
import { check, customer, everything, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase();
const now = new Date('2026-03-10T12:00:00Z');
let count = 0;

beforeAll(async () => {
  await lay(
    sql,
    {
      messages: { kinds: ['llm'] },
      images: { kinds: ['image'] },
      searches: { kinds: ['search'] },
      calls: { aggregation: 'count' },
    },
    { image: '2' },
  );
  await plan(sql, 'hundred', {
    ...{
      limits: {
        messages: { day: 10, rolling_1h: 8 },
        searches: { day: 5 },
        calls: { month: 6 },
        images: { each: 3 },
      },
    },
    credits: '20',
  });
});

async function someone(): Promise<string> {
  const who = await customer(sql, `c${count++}`);
  await subscribe(sql, who, 'hundred', { at: '2026-02-15T00:00:00Z' });
  return who;
}
const preflight = (
  customer: string,
  uses: Record<string, unknown>[],
  more: { holdSeconds?: number; key?: string } = {},
): Promise<Preflight> => preflightUses(sql, { customer, uses, now, ...more });

test('W11: three searches and two completions are one question; what comes before counts for what comes after', async () => {
  const who = await someone();
  const fits = await preflight(who, [
    { kind: 'search', quantity: 3 },
    { kind: 'llm', quantity: 2 },
  ]);
  expect(fits).toMatchObject({
    ...{ allowed: true, refused_at: null, reservations: [], expires_at: null },
    totals: { meters: { searches: '3', messages: '2', calls: '2' }, credits: '0' },
  });
  const not = await preflight(who, [
    { kind: 'search', quantity: 3 },
    { kind: 'llm', quantity: 1 },
    { kind: 'search', quantity: 3 },
    { kind: 'llm', quantity: 1 },
  ]);
  expect(not).toMatchObject({
    allowed: false,
    refused_at: 3,
    reason: 'limit_reached',
    resets_at: null,
  });
  expect(not.message).toBe(
    'searches per day: 0 used of 5, 3 held, 3 asked: the list requests 6, which is larger than the whole limit',
  );
  expect(not.uses.map(({ allowed }) => allowed)).toEqual([true, true, false]);
});

test('W11 R12: without a hold nothing is written, and neither is anything of a list that does not fit', async () => {
  const who = await someone();
  await record(sql, { customer: who, quantity: 1, as_of: now });
  const before = await everything(sql);
  await preflight(who, [{ kind: 'image', quantity: 2 }]);
  await preflight(
    who,
    [
      { kind: 'image', quantity: 2 },
      { kind: 'llm', quantity: 99 },
    ],
    { holdSeconds: 60 },
  );
  expect(await sql`select from subctl.reservations where customer_id = ${who}`).toHaveLength(0);
  const after = await everything(sql);
  // a lock that is taken and given up leaves its mark on the row of open windows, and no other
  const without = (text: string) =>
    text
      .split('\n')
      .filter((line) => !line.startsWith('customer_windows'))
      .join('\n');
  expect(without(after)).toBe(without(before));
});

test('W11 C8 R15: with a hold all of it is held until its end, under keys that make it the same when given again', async () => {
  const who = await someone();
  const uses = [
    { kind: 'image', quantity: 3 },
    { kind: 'llm', quantity: 5 },
  ];
  const held = await preflight(who, uses, { holdSeconds: 600, key: 'job-1' });
  expect(held).toMatchObject({
    allowed: true,
    expires_at: '2026-03-10T12:10:00.000Z',
    totals: { credits: '6' },
  });
  expect(held.reservations).toHaveLength(2);
  expect((await check(sql, { customer: who, quantity: 4, as_of: now })).allowed).toBe(false);
  const again = await preflight(who, uses, { holdSeconds: 600, key: 'job-1' });
  expect(again.reservations).toEqual(held.reservations);
  expect(again.uses.every(({ replayed }) => replayed)).toBe(true);
  expect(
    (await check(sql, { customer: who, quantity: 4, as_of: new Date(now.getTime() + 600_000) })).allowed,
  ).toBe(true);
});

test('a list of nothing, of nonsense or of too much is refused with the form that is wanted', async () => {
  const who = await someone();
  await expect(preflight(who, [])).rejects.toThrow('1 to 1000');
  await expect(preflight(who, [{ kind: 'telepathy' }])).rejects.toThrow('Unknown kind');
  expect(await preflight('nobody', [{ kind: 'llm' }])).toMatchObject({
    allowed: false,
    refused_at: 1,
    reason: 'no_customer',
  });
});

test('W11: a list fits exactly when recording it use by use does, and the first that does not fit is the same', async () => {
  const use = fc.record({
    kind: fc.constantFrom('llm', 'image', 'search'),
    quantity: fc.integer({ min: 1, max: 4 }),
  });
  const verdicts = new Set<number | null>();
  await fc.assert(
    fc.asyncProperty(fc.array(use, { minLength: 1, maxLength: 7 }), async (uses) => {
      const who = await someone();
      const { refused_at } = await preflight(who, uses);
      verdicts.add(refused_at);
      let first: number | null = null;
      for (const [index, each] of uses.entries())
        if (!(await record(sql, { customer: who, ...each, as_of: now })).allowed) {
          first = index + 1;
          break;
        }
      expect(refused_at).toBe(first);
    }),
    { numRuns: process.env['SUBCTL_LONG'] ? 300 : 30, seed: 11 },
  );
  expect(verdicts.size).toBeGreaterThan(3);
});
