import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { type Answer, check, customer, lay, plan, record, subscribe } from './world.ts';

const { sql } = await testDatabase({ max: 40 });
const noon = Date.parse('2026-03-10T12:00:00Z');
const at = (ms: number) => new Date(noon + ms).toISOString();
const minute = 60_000;

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'r', {
    limits: { messages: { rolling_1h: 5 }, tokens: { rolling_1h: 100 }, cost_usd: { rolling_3h: '2.5' } },
    memberLimits: { messages: { rolling_1h: 3 } },
    seats: 5,
  });
});

let count = 0;
async function someone(): Promise<string> {
  const who = await customer(sql, `r${++count}`);
  await subscribe(sql, who, 'r', { at: '2026-03-01T00:00:00Z' });
  return who;
}

const use = (who: string, ms: number, more: object = {}) =>
  record(sql, { customer: who, at: at(ms), as_of: at(2 * minute), cost: '0', ...more });

describe('H1: no window of a rolling limit’s length holds more than the limit', () => {
  it('H1 (a): of 200 calls at one time with the defaults of the clock exactly 5 are allowed', async () => {
    const who = await someone();
    const answers = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          sql<[{ a: Answer }]>`select subctl.record_usage(customer => ${who}, kind => 'llm', cost => 0) as a`,
      ),
    );
    expect(answers.filter(([row]) => row.a.allowed)).toHaveLength(5);
  });

  it('H1 (a): batches, reservations and single calls at one time share the 5', async () => {
    const who = await someone();
    const key = (n: number) => `k${n}`;
    const calls = Array.from({ length: 60 }, async (_, n): Promise<number> => {
      if (n % 3 === 0) {
        const [row] = await sql<
          [{ a: Answer }]
        >`select subctl.record_usage(customer => ${who}, kind => 'llm', cost => 0, key => ${key(n)}) as a`;
        return row.a.allowed ? 1 : 0;
      }
      if (n % 3 === 1) {
        const [row] = await sql<
          [{ a: Answer }]
        >`select subctl.reserve_usage(customer => ${who}, kind => 'llm', cost => 0) as a`;
        return row.a.allowed ? 1 : 0;
      }
      const uses = [0, 1].map((i) => ({ customer: who, kind: 'llm', cost: 0, key: `${n}-${i}` }));
      const [row] = await sql<[{ a: Answer[] }]>`select subctl.record_usage_many(${sql.json(uses)}) as a`;
      return row.a.filter(({ allowed }) => allowed).length;
    });
    const allowed = await Promise.all(calls);
    expect(allowed.reduce((a, b) => a + b, 0)).toBe(5);
    // each key leads to its event
    const rows = await sql`
      select count(*)::int as n from subctl.usage_keys k join subctl.usage_events e on e.customer_id = k.customer_id and e.at = k.event_at and e.id = k.event_id
       where k.customer_id = ${who}`;
    const [keys] = await sql`select count(*)::int as n from subctl.usage_keys where customer_id = ${who}`;
    expect(rows).toEqual([keys]);
  });

  it('H1 (b): of 50 uses each a millisecond earlier 5 are allowed', async () => {
    const who = await someone();
    const answers: boolean[] = [];
    for (let n = 0; n < 50; n++) answers.push((await use(who, -n)).allowed === true);
    expect(answers.filter(Boolean)).toHaveLength(5);
  });

  it('H1 (c): what comes for an instant before what was used counts against the fullest window that it falls into', async () => {
    const who = await someone();
    expect(await use(who, 4_000, { quantity: 3 })).toMatchObject({ allowed: true });
    const refused = { allowed: false, reason: 'limit_reached', used: '3', limit: '5', requested: '3' };
    expect(await use(who, 3_000, { quantity: 3 })).toMatchObject({
      ...refused,
      resets_at: at(60 * minute + 4_000),
    });
    expect(
      await check(sql, { customer: who, at: at(2_000), as_of: at(2 * minute), quantity: 3, cost: '0' }),
    ).toMatchObject(refused);
    expect(await use(who, 2_000, { quantity: 3, partial: true, cost: undefined })).toMatchObject({
      allowed: true,
      quantity: '2',
    });
    expect(await use(who, 1_000, { quantity: 3, already_spent: true })).toMatchObject({
      allowed: true,
      overage: true,
    });
  });

  it('H1: tokens, cost and a member’s own limit alike; what is held later counts too', async () => {
    const who = await someone();
    expect(await use(who, 0, { input_tokens: 80 })).toMatchObject({ allowed: true });
    expect(await use(who, -minute, { input_tokens: 30 })).toMatchObject({
      allowed: false,
      meter: 'tokens',
      used: '80',
    });
    expect(await use(who, 0, { kind: 'image', cost: '2' })).toMatchObject({ allowed: true });
    expect(await use(who, -170 * minute, { kind: 'image', cost: '0.6' })).toMatchObject({
      allowed: false,
      meter: 'cost_usd',
      used: '2',
    });
    const other = await someone();
    await sql`select subctl.reserve_usage(customer => ${other}, kind => 'llm', quantity => 4, cost => 0, as_of => ${at(0)})`;
    expect(await use(other, -minute, { quantity: 2 })).toMatchObject({
      allowed: false,
      used: '0',
      held: '4',
    });
    expect(await use(other, -minute, { quantity: 1 })).toMatchObject({ allowed: true });
  });

  it('H1: in any order of instants and quantities, no window that ends at a use holds more than the limit, and what is refused did not fit', async () => {
    const uses = fc.array(
      fc.tuple(fc.integer({ min: -150, max: 0 }), fc.integer({ min: 1, max: 3 }), fc.boolean()),
      { minLength: 5, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(uses, async (played) => {
        const who = await someone();
        const kept: { ms: number; n: number }[] = [];
        const filled = (end: number) =>
          kept.filter(({ ms }) => ms > end - 60 * minute && ms <= end).reduce((sum, { n }) => sum + n, 0);
        for (const [m, n, checks] of played) {
          const ms = m * minute;
          const fullest = Math.max(
            filled(ms),
            ...kept.filter((k) => k.ms > ms && k.ms < ms + 60 * minute).map((k) => filled(k.ms)),
          );
          const asked = { customer: who, at: at(ms), as_of: at(2 * minute), quantity: n, cost: '0' };
          if (checks) expect((await check(sql, asked)).allowed).toBe(fullest + n <= 5);
          const answer = await record(sql, asked);
          expect([answer.allowed, answer.used ?? String(fullest)]).toEqual([
            fullest + n <= 5,
            String(fullest),
          ]);
          if (answer.allowed) kept.push({ ms, n });
          else {
            // there is room again when it says, and not a moment before
            const again = Date.parse(answer.resets_at!) - noon;
            const room = (t: number) =>
              Math.max(filled(t), ...kept.filter((k) => k.ms > t).map((k) => filled(k.ms))) + n <= 5;
            expect([room(again), room(again - 1)]).toEqual([true, false]);
          }
        }
        for (const { ms } of kept) expect(filled(ms)).toBeLessThanOrEqual(5);
      }),
      { numRuns: 15 },
    );
  });
});
