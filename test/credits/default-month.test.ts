import { beforeAll, expect, it } from 'vitest';
import { failedChecks } from '../integrity/failed-checks.ts';
import { testDatabase } from '../support/database.ts';
import { check, customer, lay, plan, record, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
let count = 0;

beforeAll(async () => {
  await lay(sql, undefined, { image: '1' });
  await plan(sql, 'free', { isDefault: true, credits: '10' });
  await plan(sql, 'bare', { limits: { messages: { day: 9 } } });
});

const someone = () => customer(sql, `d${++count}`, { at: '2026-11-05T00:00:00Z' });
const draw = (who: string, quantity: number, as_of: string) =>
  record(sql, { customer: who, kind: 'image', quantity, as_of });
const late = (who: string, quantity: number) => ({
  ...{ customer: who, kind: 'image', quantity },
  ...{ at: '2026-11-20T10:00:00Z', as_of: '2026-12-10T10:00:00Z' },
});

/** What was done to somebody on the default plan before a use of 20 November is told on 10 December, and what it leaves of November's credits. */
const before: [string, number, (who: string) => Promise<unknown>][] = [
  ['nothing was used', 10, () => Promise.resolve()],
  ['November was used', 7, (who) => draw(who, 3, '2026-11-12T00:00:00Z')],
  ['December was used', 10, (who) => draw(who, 3, '2026-12-02T00:00:00Z')],
  ['a subscription has begun', 10, (who) => subscribe(sql, who, 'bare', { at: '2026-12-03T00:00:00Z' })],
];

it.each(before)(
  'B35 R13 R19: a late use takes the default plan’s credits of its own month, as check says: %s',
  async (_, left, deed) => {
    for (const [quantity, allowed] of [
      [left + 1, false],
      [left, true],
    ] as const) {
      const who = await someone();
      await deed(who);
      const foretold = await check(sql, late(who, quantity));
      const answer = await record(sql, late(who, quantity));
      expect([answer.allowed, answer.reason]).toEqual([allowed, allowed ? null : 'no_credits']);
      expect([foretold.allowed, foretold.reason]).toEqual([answer.allowed, answer.reason]);
      expect((await record(sql, late(who, 1))).allowed).toBe(!allowed);
    }
    const checks = await failedChecks(sql, new Date('2026-12-11T00:00:00Z'));
    expect(checks.filter(({ check }) => /grants|balances|ledger/.test(check))).toEqual([]);
  },
);
