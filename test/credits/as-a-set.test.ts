import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { customer, lay, plan, subscribe } from '../usage/world.ts';

const { sql } = await testDatabase();
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Chatham'];
const plans = ['none', 'some', 'keeps', 'weekly', 'yearly'];
const hour = 3_600_000;
const origin = Date.parse('2025-01-01T00:00:00Z');
const instant = (hours: number) => new Date(origin + hours * hour).toISOString();

beforeAll(async () => {
  await lay(sql);
  await plan(sql, 'none', {});
  await plan(sql, 'some', { credits: '100' });
  await plan(sql, 'keeps', { credits: '50', rollover: '20' });
  await plan(sql, 'weekly', { credits: '7', creditsEvery: '1w' });
  await plan(sql, 'yearly', { credits: '900', every: '1y' });
});

class Undone extends Error {}

/** Every row of the ledger once the credits of all are posted, without ids that are drawn at random; nothing of it stays. */
async function posted(
  at: string,
  ids: string[],
  oneByOne: boolean,
): Promise<{ rows: unknown; inSet: number }> {
  const found: { rows?: unknown; inSet?: number } = {};
  await sql
    .begin(async (db) => {
      const [plain] = await db<[{ done: number }]>`
        select cardinality(p.done) as done from subctl_internal.post_plain_credits(${ids}::text[], ${at}, 'test') p where not ${oneByOne}`.then(
        (rows) => (rows.length > 0 ? rows : [{ done: 0 }]),
      );
      if (oneByOne)
        await db.unsafe(`create or replace function subctl_internal.post_plain_credits(
          p_customers text[], p_as_of timestamptz, p_change text, out done text[], out entries int)
          language sql as $$ select '{}'::text[], 0 $$`);
      await db`select subctl_internal.post_due_credits(${ids}::text[], ${at}, 'test')`;
      found.rows = await ledgerOf(db, ids);
      found.inSet = plain!.done;
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return { rows: found.rows, inSet: found.inSet! };
}

async function ledgerOf(db: Db, ids: string[]): Promise<unknown> {
  const [row] = await db`
    select (select jsonb_agg(to_jsonb(g) - 'id' order by g.customer_id, g.granted_at, g.source_key) from subctl.credit_grants g
             where g.customer_id = any (${ids}::text[])) as grants,
           (select jsonb_agg(to_jsonb(e) - 'grant_id' order by e.customer_id, e.id) from subctl.credit_entries e
             where e.customer_id = any (${ids}::text[])) as entries`;
  return row;
}

interface Life {
  zone: number;
  plan: number;
  begins: number;
  /** bought before the plan, with an end or without */
  bought: number | null;
  /** ends its first plan after so many hours and takes one again */
  again: number | null;
  disabled: boolean;
}

const lives = fc.array(
  fc.record<Life>({
    zone: fc.nat(zones.length - 1),
    plan: fc.nat(plans.length - 1),
    begins: fc.nat(24 * 40),
    bought: fc.option(fc.integer({ min: 1, max: 24 * 60 }), { freq: 3 }),
    again: fc.option(fc.integer({ min: 1, max: 24 * 30 }), { freq: 4 }),
    disabled: fc.boolean(),
  }),
  { minLength: 12, maxLength: 12 },
);

test('C12 R16 R32 R36: credits that are posted for many customers at once are those that are posted one by one', async () => {
  let made = 0;
  const inSet = { first: 0, later: 0 };
  await fc.assert(
    fc.asyncProperty(
      lives,
      fc.array(fc.nat(24 * 90), { minLength: 4, maxLength: 4 }),
      async (all, delays) => {
        const ids: string[] = [];
        for (const life of all) {
          const id = await customer(sql, `set${(made += 1)}`, { zone: zones[life.zone]! });
          ids.push(id);
          const begin = instant(life.begins);
          if (life.bought !== null)
            await sql`select subctl_internal.grant_credits(${id}, '5', 'purchase', 'k', 30, ${instant(0)}, ${instant(life.bought)}, 'r', 'c')`;
          const name = plans[life.plan]!;
          await subscribe(sql, id, name, { at: begin, every: name === 'yearly' ? '1y' : '1mo' });
          if (life.again !== null) {
            const over = instant(life.begins + life.again);
            await sql`
            select subctl_internal.post_due_credits(array[${id}], ${over}::timestamptz - interval '1 microsecond', 'c')`;
            await sql`
            select subctl_internal.end_subscriptions(array[s.customer_id], array[s.id], array[${over}::timestamptz], array['canceled'], 'cancel', array['r'],
                     ${over}, 'c') from subctl.subscriptions s where s.customer_id = ${id} and s.ended_at is null`;
            await subscribe(sql, id, name, { at: over, every: name === 'yearly' ? '1y' : '1mo' });
          }
          if (life.disabled && life.begins % 3 === 0)
            await sql`update subctl.customers set disabled_at = ${begin} where id = ${id}`;
        }
        let after = 24 * 70;
        for (const [turn, delay] of [24 * -30, ...delays.toSorted((a, b) => a - b)].entries()) {
          after = 24 * 70 + delay;
          const at = instant(after);
          const alone = await posted(at, ids, true);
          const together = await posted(at, ids, false);
          expect(together.rows).toEqual(alone.rows);
          inSet[turn === 0 ? 'first' : 'later'] += together.inSet;
          await sql`select subctl_internal.post_due_credits(${ids}::text[], ${at}, 'test')`;
        }
      },
    ),
    { seed: 20_261_130, numRuns: process.env['SUBCTL_LONG'] ? 100 : 12, endOnFailure: true },
  );
  // a set that leaves all to the others would agree with them too
  expect(inSet.first).toBeGreaterThan(made / 8);
  expect(inSet.later).toBeGreaterThan(made / 4);
});
