import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { addOne, assign, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
let count = 0;
beforeAll(async () => {
  await loadLadder(sql);
  await sql`insert into subctl.credit_costs (plan_id, kind, amount) values ('', 'image', 10)`;
  await sql`select subctl_internal.compile_all()`;
});

const given: Record<string, number> = { free: 10, pro: 100, trial: 50, carry: 0, max: 500 };
const turn = fc.record({
  plan: fc.constantFrom('free', 'pro', 'carry', 'max'),
  anchor: fc.constantFrom(undefined, undefined, 'keep' as const),
  draw: fc.integer({ min: 0, max: 60 }),
});

test('R32: up and down and up again within a period counts anew once, and gives no credits twice', async () => {
  let ups = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 7 }), async (turns) => {
      const customer = `mint-${(count += 1)}`;
      await addOne(sql, { id: customer });
      const at = (n: number) => new Date(Date.parse('2026-01-03T00:00:00Z') + n * 3_600_000).toISOString();
      await assign(sql, '2026-01-01T00:00:00Z', { customer, plan: 'free', collection: 'complimentary' });
      for (const [n, { plan, anchor, draw }] of turns.entries()) {
        await assign(sql, at(n), { customer, plan, collection: 'complimentary', when: 'now', anchor }).catch(
          (error: unknown) => {
            if (!/Only an upgrade|is about a change/.test((error as Error).message)) throw error;
          },
        );
        if (draw > 0)
          await sql`
            select subctl.record_usage(${customer}, 'image', as_of => ${at(n)}::timestamptz + interval '1 minute', quantity => ${draw}, partial => true)`;
      }
      const [{ resets }] = await sql<[{ resets: number }]>`
        select count(*)::int as resets from subctl.usage_resets where customer_id = ${customer} and cause = 'upgrade' and at < '2026-02-01'`;
      expect(resets).toBeLessThanOrEqual(1);
      ups += resets;
      // what was there before the one that counted anew, and what the largest plan gives after it
      const [{ spent }] = await sql<[{ spent: number }]>`
        select coalesce(sum(credits), 0)::float as spent from subctl.usage_events where customer_id = ${customer}`;
      const most = (plans: typeof turns) => Math.max(10, ...plans.map(({ plan }) => given[plan]!));
      expect(spent).toBeLessThanOrEqual(most(turns) * (1 + resets));
    }),
    { seed: 32, numRuns: 25 },
  );
  expect(ups).toBeGreaterThan(8);
});
