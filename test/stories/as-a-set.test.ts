import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connection, Db } from '../../src/database/connect.ts';
import { testDatabase } from '../support/database.ts';
import { customersOf, lifeOf, moveTo, type Move, runTasks } from './lives.ts';
import { prepare } from './plans.ts';

/** What the ledger still has to say, as due_credits plans it: grants have no ids yet. */
async function planned(db: Db, customers: readonly string[], at: Date) {
  return db`
    select c.id as customer, d.kind, d.at, trim_scale(d.amount) as amount, trim_scale(d.balance_after) as balance, d.source, d.source_key,
           case d.kind when 'grant' then d.priority end as priority, case d.kind when 'grant' then d.expires_at end as ends,
           case d.kind when 'grant' then d.dead_at end as dead
      from unnest(${customers as string[]}::text[]) c(id) cross join lateral subctl_internal.due_credits(c.id, ${at}) d
     where d.amount > 0 order by c.id, d.step`;
}

async function written(db: Db, change: string) {
  return db`
    select e.customer_id as customer, e.kind, e.at, trim_scale(abs(e.amount)) as amount, trim_scale(e.balance_after) as balance, g.source, g.source_key,
           case e.kind when 'grant' then g.priority end as priority, case e.kind when 'grant' then g.expires_at end as ends,
           case e.kind when 'grant' then g.expired_at end as dead
      from subctl.credit_entries e join subctl.credit_grants g on g.customer_id = e.customer_id and g.id = e.grant_id
     where e.change_id = ${change} order by e.customer_id, e.id`;
}

/** Both ways for all customers at an instant; gives how many were done as a set, and how many of those had rows. */
async function compare(sql: Connection, customers: readonly string[], at: Date) {
  const found = { done: 0, rows: 0, heads: 0 };
  await sql
    .begin(async (db) => {
      const heads = await db`
        select to_jsonb(h) as head from subctl_internal.subscriptions_at(${customers as string[]}::text[], ${at}) h order by h.customer_id`;
      const asked = await db`
        select jsonb_build_object('customer_id', e.customer_id, 'subscription_id', h.subscription_id, 'plan_id', e.plan_id, 'version', e.version,
                 'every', e.every, 'anchor', e.anchor, 'anchor_timezone', e.anchor_timezone, 'since', e.since, 'access', e.access,
                 'period_start', case when e.ends_at <= ${at} then h.period_start else e.period_start end,
                 'period_end', case when e.ends_at <= ${at} then h.period_end else e.period_end end) as head
          from subctl_internal.subscriptions_at(${customers as string[]}::text[], ${at}) h cross join lateral subctl_internal.effective_subscription(h.customer_id, ${at}) e
         order by h.customer_id`;
      expect(heads).toEqual(asked);
      found.heads = heads.length;
      await db`select subctl_internal.lock_customers(${customers as string[]}::text[])`;
      const plan = await planned(db, customers, at);
      const [row] = await db<[{ done: string[]; entries: number }]>`
        select * from subctl_internal.post_plain_credits(${customers as string[]}::text[], ${at}, 'as a set')`;
      const rows = await written(db, 'as a set');
      expect(rows).toEqual(plan.filter(({ customer }) => row.done.includes(customer as string)));
      expect(row.entries).toBe(rows.length);
      expect(await planned(db, row.done, at)).toEqual([]);
      found.done = row.done.length;
      found.rows = rows.length;
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return found;
}

class Undone extends Error {}

const hours = 3_600_000;

describe('what is done as a set', async () => {
  const { sql } = await testDatabase();
  await prepare(sql);
  const runs = process.env['SUBCTL_LONG'] ? 100 : 10;
  const seen = { customers: 0, done: 0, rows: 0, heads: 0 };
  let count = 0;

  it('R16 R22 R36 is what is done one by one: heads read by dates, and the credits that are due', async () => {
    const property = fc.asyncProperty(
      lifeOf(),
      fc.array(fc.integer({ min: 0, max: 75 * 24 }), { minLength: 45, maxLength: 45 }),
      async (moves: Move[], delays) => {
        const prefix = `s${(count += 1)}-`;
        const customers = customersOf(moves, prefix);
        for (const [index, move] of moves.entries()) {
          await moveTo(sql, prefix, move);
          if (index % 3 === 0) await runTasks(sql, customers, move.at);
          const found = await compare(
            sql,
            customers,
            new Date(move.at.getTime() + delays[index % 45]! * hours),
          );
          seen.customers += customers.length;
          for (const name of ['done', 'rows', 'heads'] as const) seen[name] += found[name];
        }
      },
    );
    await fc.assert(property, { seed: 20_261_125, numRuns: runs, endOnFailure: true });
    // a set that leaves all to the others would agree with them too
    expect(seen.heads).toBeGreaterThan(seen.customers / 4);
    expect(seen.done).toBeGreaterThan(seen.customers / 8);
    expect(seen.rows).toBeGreaterThan(100);
  }, 1_200_000);
});
