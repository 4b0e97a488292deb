import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { listPlans } from '../../src/catalog/list-plans.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { assignMany } from '../../src/subscriptions/assign-many.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

const now = new Date('2026-01-10T00:00:00Z');
const plans = ['free', 'pro'] as const;

const shown = async () =>
  Object.fromEntries(
    (await listPlans(sql, { all: true }))
      .filter(({ subscribers }) => subscribers > 0)
      .map(({ id, subscribers }) => [id, subscribers]),
  );
const counted = async () => {
  const rows = await sql<{ plan: string; n: number }[]>`
    select plan_id as plan, count(*)::int as n from subctl.subscriptions where status in ('trialing', 'active', 'past_due', 'paused') group by 1`;
  return Object.fromEntries(rows.map(({ plan, n }) => [plan, n]));
};

async function assign(ids: readonly string[], plan: string) {
  for (const id of ids) await addOne(sql, { id }, now);
  const rows = ids.map((customer, line) => ({ line, customer, plan }));
  await asTester(sql, (tx, change) => assignMany(tx, change, rows), now);
}

describe('the subscribers that a list of plans shows', () => {
  it('are those that there are, whatever statements wrote them', async () => {
    let count = 0;
    const deed = fc.record({
      what: fc.constantFrom('assign', 'move', 'end', 'live again', 'delete', 'touch', 'undo'),
      plan: fc.constantFrom(...plans),
      some: fc.integer({ min: 1, max: 3 }),
    });
    // as an application's own SQL would write it: the rules of subctl's functions do not matter here
    const written = {
      move: (plan: string, some: number) =>
        sql`update subctl.subscriptions set plan_id = ${plan}, version = 1 where customer_id in (select customer_id from subctl.subscriptions order by random() limit ${some})`,
      end: (plan: string, some: number) =>
        sql`update subctl.subscriptions set status = 'expired', ended_at = now() where customer_id in (select customer_id from subctl.subscriptions where plan_id = ${plan} limit ${some})`,
      'live again': (plan: string) =>
        sql`update subctl.subscriptions set status = 'active', ended_at = null where plan_id = ${plan} and status = 'expired'`,
      touch: () => sql`update subctl.subscriptions set note = 'x'`,
    };
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 12 }), async (deeds) => {
        for (const { what, plan, some } of deeds) {
          if (what === 'assign')
            await assign(
              Array.from({ length: some }, () => `c${++count}`),
              plan,
            );
          else if (what === 'undo')
            await inTransaction(sql, async (tx) => {
              await tx`delete from subctl.subscription_phases`;
              await tx`delete from subctl.subscriptions`;
              throw new Error('undone');
            }).catch(() => undefined);
          else if (what === 'delete') {
            const gone =
              await sql`select customer_id from subctl.subscriptions order by customer_id limit ${some}`;
            const ids = gone.map((row) => row['customer_id'] as string);
            await sql`delete from subctl.subscription_phases where customer_id = any (${ids})`;
            await sql`delete from subctl.subscriptions where customer_id = any (${ids})`;
          } else await written[what](plan, some);
          expect(await shown()).toEqual(await counted());
        }
      }),
      { seed: 20_261_130, numRuns: process.env['SUBCTL_LONG'] ? 200 : 12 },
    );
  });

  it('lose none when many write and fold at one time, and come from one row a plan then', async () => {
    await assign(
      Array.from({ length: 8 }, (_, n) => `busy${n}`),
      'pro',
    );
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        for (let turn = 0; turn < 40; turn++) {
          await sql`update subctl.subscriptions set plan_id = ${plans[turn % 2]!} where customer_id = ${`busy${n}`}`;
          if (turn % 5 === n % 5) await sql`select subctl_internal.fold_subscription_counts()`;
        }
      }),
    );
    expect(await shown()).toEqual(await counted());
    await sql`select subctl_internal.fold_subscription_counts()`;
    expect(await shown()).toEqual(await counted());
    const [row] =
      await sql`select count(*)::int as rows, count(distinct plan_id)::int as plans from subctl.subscription_counts`;
    expect(row!['rows']).toBe(row!['plans']);
  });
});
