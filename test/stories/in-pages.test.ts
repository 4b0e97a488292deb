import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Connection, Db } from '../../src/database/connect.ts';
import { addTaskStates } from '../../src/tasks/task-states.ts';
import { testDatabase } from '../support/database.ts';
import { customersOf, lifeOf, moveTo, type Move, runTasks } from './lives.ts';
import { prepare } from './plans.ts';

class Undone extends Error {}

/** What is done in a transaction that is rolled back. */
async function tried<T>(sql: Connection, work: (db: Db) => Promise<T>): Promise<T> {
  const found: { value?: T } = {};
  await sql
    .begin(async (db) => {
      found.value = await work(db);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return found.value!;
}

const tasks = {
  'handle-renewals': {
    pages: ['renew_page'], // nothing is billed in these lives: test/tasks/billed.test.ts
    all: (db: Db, at: Date, ids: string[]) =>
      db`select subctl_internal.renew_subscriptions(${at}, ${ids}::text[], 'test') as done`,
  },
  'reset-monthly-usage': {
    pages: ['close_page'],
    all: (db: Db, at: Date, ids: string[]) =>
      db`select subctl_internal.close_windows(${at}, ${ids}::text[], 'test') as done`,
  },
  'reset-credits': {
    pages: ['reset_page'],
    // who has neither a subscription nor credits has nothing to reset (runTasks)
    all: (db: Db, at: Date, ids: string[]) =>
      db`select subctl_internal.reset_credits(${at}, array(
           select c from unnest(${ids}::text[]) c
            where exists (select from subctl.subscriptions s where s.customer_id = c)
               or exists (select from subctl.credit_grants g where g.customer_id = c)), 'test') as done`,
  },
  'check-expired': {
    pages: ['expire_page'],
    all: (db: Db, at: Date, ids: string[]) =>
      db`select subctl_internal.expire_subscriptions(${at}, ${ids}::text[], 'test') as done`,
  },
} as const;
type Name = keyof typeof tasks;

/** Every row that a task may write, with all columns but ids that are drawn at random and who counted on what. */
async function rowsOf(db: Db, ids: string[]): Promise<unknown> {
  const [row] = await db`
    select (select jsonb_agg(to_jsonb(s) - 'id' order by s.customer_id, s.started_at, s.epoch) from subctl.subscriptions s where s.customer_id = any (${ids}::text[])) as subscriptions,
           (select jsonb_agg(to_jsonb(s) - 'subscription_id' order by s.customer_id, s.from_at, s.status) from subctl.subscription_phases s where s.customer_id = any (${ids}::text[])) as segments,
           (select jsonb_agg(to_jsonb(r) - '{subscription_id,invoice_id}'::text[] order by r.customer_id, r.period_start, r.attempt) from subctl.renewals r where r.customer_id = any (${ids}::text[])) as renewals,
           (select jsonb_agg(to_jsonb(c) order by c.customer_id, c.meter_id, c."window", c.scope, c.subject, c.window_start) from subctl.usage_counters c where c.customer_id = any (${ids}::text[])) as counters,
           (select jsonb_agg(to_jsonb(u) - '{subscription_id,ids,starts,ends,refused}'::text[] || jsonb_build_object('slots', (
                     select jsonb_agg(o order by o.id) from unnest(u.ids, u.starts, u.ends, t.used, u.refused) o(id, starts, ends, used, refused))) order by u.customer_id)
              from subctl.customer_windows u join subctl.usage_totals t on t.customer_id = u.customer_id where u.customer_id = any (${ids}::text[])) as state,
           (select jsonb_agg(to_jsonb(g) - 'id' order by g.customer_id, g.granted_at, g.source_key) from subctl.credit_grants g where g.customer_id = any (${ids}::text[])) as grants,
           (select jsonb_agg(to_jsonb(e) - 'grant_id' order by e.customer_id, e.id) from subctl.credit_entries e where e.customer_id = any (${ids}::text[])) as entries,
           (select jsonb_agg(to_jsonb(i) - '{id,subscription_id}'::text[] order by i.customer_id, i.number) from subctl.invoices i where i.customer_id = any (${ids}::text[])) as invoices,
           (select jsonb_agg(to_jsonb(r) - 'subscription_id' order by r.customer_id, r.at) from subctl.usage_resets r where r.customer_id = any (${ids}::text[])) as resets`;
  return row;
}

/** The task by its general statement until nothing is due; gives the number of rows done. */
async function inGeneral(db: Db, task: Name, at: Date, ids: string[]): Promise<number> {
  for (let done = 0, rounds = 0; rounds < 100; rounds += 1) {
    const [row] = (await tasks[task].all(db, at, ids)) as unknown as [{ done: number }];
    if (row.done === 0) return done;
    done += row.done;
  }
  throw new Error(`${task} does not come to an end`);
}

type Page = { done: number } & Record<'last_due' | 'last_customer', string | null> & {
    left_over: string[] | null;
  };

/** The task in pages of two rows, one function after the other, until they find nothing more. */
async function inPages(db: Db, task: Name, at: Date, ids: string[]): Promise<Record<string, number>> {
  const others = await db<{ id: string }[]>`select id from subctl.customers where id <> all (${ids}::text[])`;
  const rows = await db<{ id: string }[]>`
    select distinct w.customer_id as id from subctl.open_rows w
     where w.window_end <= ${at} and w.personal = ${task === 'reset-credits'}`;
  const aside = [...others, ...(/^reset/.test(task) ? rows : [])].map(({ id }) => id);
  const done: Record<string, number> = {};
  for (const name of tasks[task].pages) done[name] = await inPagesOf(db, name, { task, at, aside });
  return done;
}

async function inPagesOf(
  db: Db,
  name: string,
  { task, at, aside }: { task: Name; at: Date; aside: string[] },
): Promise<number> {
  for (let done = 0, rounds = 0, due = '-infinity', customer = ''; rounds < 1_000; rounds += 1) {
    const [page] = await db<[Page]>`
      select p.done, p.last_due::text, p.last_customer, p.left_over
        from subctl.jobs j
       cross join lateral subctl_internal.${db(name)}(
         row(${at}, 'test', j.lease_token, 2, ${aside}::text[], 'latest', ${due}, ${customer})::subctl.page_request) p
       where j.task = ${task}`;
    if (page.last_due === null) return done;
    done += page.done;
    due = page.last_due;
    customer = page.last_customer!;
    aside.push(...(page.left_over ?? []));
  }
  throw new Error(`${name} does not come to an end`);
}

const { sql } = await testDatabase();
await prepare(sql);
await addTaskStates(sql, new Date('2025-01-01T00:00:00Z'));
const runs = process.env['SUBCTL_LONG'] ? 100 : 12;

it('R36: what is written in pages, and after them by the general statements, is what those write alone', async () => {
  const inPage: Record<string, number> = {};
  const seen: Record<string, number> = {};
  let count = 0;
  const property = fc.asyncProperty(
    lifeOf(),
    fc.array(fc.integer({ min: 0, max: 75 * 24 }), { minLength: 45, maxLength: 45 }),
    async (moves: Move[], delays) => {
      const prefix = `p${(count += 1)}-`;
      const customers = customersOf(moves, prefix);
      for (const [index, move] of moves.entries()) {
        await moveTo(sql, prefix, move);
        if (index % 5 === 0) await runTasks(sql, customers, move.at);
        if (index % 3 !== 1) continue;
        const at = new Date(move.at.getTime() + delays[index % 45]! * 3_600_000);
        for (const task of Object.keys(tasks) as Name[]) {
          const alone = await tried(sql, async (db) => {
            const done = await inGeneral(db, task, at, customers);
            return { done, rows: await rowsOf(db, customers) };
          });
          const paged = await tried(sql, async (db) => {
            const pages = await inPages(db, task, at, customers);
            let done = await inGeneral(db, task, at, customers);
            for (const [name, count] of Object.entries(pages)) {
              inPage[name] = (inPage[name] ?? 0) + count;
              done += count;
            }
            seen[task] = (seen[task] ?? 0) + done;
            return { done, rows: await rowsOf(db, customers) };
          });
          expect(paged).toEqual(alone);
        }
      }
    },
  );
  await fc.assert(property, { seed: 20_261_130, numRuns: runs, endOnFailure: true });
  // pages that leave all to the others would agree with them too
  for (const [task, { pages }] of Object.entries(tasks)) {
    expect(seen[task]).toBeGreaterThan(20);
    for (const name of pages) expect(inPage[name]).toBeGreaterThan(seen[task]! / 10);
  }
}, 1_200_000);
