import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/database/connect.ts';
import { addTaskStates } from '../../src/tasks/task-states.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, subscribe } from './fixture.ts';

const { sql } = await testDatabase();
const hour = 3_600_000;
const origin = Date.parse('2025-01-20T00:00:00Z');
const instant = (hours: number) => new Date(origin + hours * hour).toISOString();

beforeAll(async () => {
  await prepareCatalogue(sql);
  await sql`insert into subctl.discounts (code, kind, amount, created_at) values ('TEN', 'percent', 10, '2025-01-01')`;
  await addTaskStates(sql, new Date('2025-01-01T00:00:00Z'));
});

interface Billed {
  begins: number;
  every: string;
  zone: string;
  collection: string;
  price: string;
  quantity: number;
  odd: string;
  discounted: number | null;
  unpaid: boolean;
}

const oddities = [
  'quantity = quantity',
  'complimentary_periods = 1',
  'cancel_at_period_end = true',
  'pending_quantity = 1',
  "pending_plan_id = 'term', pending_version = 1",
  "ends_at = current_period_end + interval '10 hours'",
];
const billed = fc.record<Billed>({
  begins: fc.nat(24 * 45),
  every: fc.constantFrom('1mo', '1mo', '1mo', '3mo', '10d', '1y'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Chatham'),
  collection: fc.constantFrom('invoice', 'charge', 'free'),
  price: fc.constantFrom('0', '9.99', '10', '0.333'),
  quantity: fc.integer({ min: 1, max: 3 }),
  odd: fc.oneof(
    { weight: 3, arbitrary: fc.constant(oddities[0]!) },
    { weight: 2, arbitrary: fc.constantFrom(...oddities) },
  ),
  discounted: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 4 }),
  unpaid: fc.boolean(),
});

async function make(db: Db, id: string, facts: Billed): Promise<void> {
  const at = instant(facts.begins);
  await subscribe(db, [id], 'pro', at);
  await db`
    update subctl.subscriptions s
       set collection = ${facts.collection}, price = ${facts.price}, quantity = ${facts.quantity}, every = ${facts.every}, anchor_timezone = ${facts.zone},
           current_period_end = upper(subctl_internal.period_at(s.anchor, ${facts.every}, s.anchor, ${facts.zone}))
     where customer_id = ${id}`;
  await db`update subctl.subscriptions set ${db.unsafe(facts.odd)} where customer_id = ${id}`;
  if (facts.discounted !== null)
    await db`
      insert into subctl.discount_redemptions (customer_id, code, id, at, subscription_id, periods_left, amount)
      select customer_id, 'TEN', gen_random_uuid(), ${at}, id, ${facts.discounted}, 0 from subctl.subscriptions where customer_id = ${id}`;
  if (facts.unpaid && facts.begins % 3 === 0)
    await db`
      insert into subctl.invoices (customer_id, id, number, source_key, subscription_id, plan_id, every, status, currency, total, period_start, period_end, issued_at, due_at)
      select customer_id, gen_random_uuid(), 'X-0001', 'x', id, plan_id, every, 'open', 'USD', 5, ${at}, current_period_end, ${at},
             ${instant(facts.begins + 24 * 20)}
        from subctl.subscriptions where customer_id = ${id}`;
}

async function rowsOf(db: Db, ids: string[]): Promise<unknown> {
  const [row] = await db`
    select (select jsonb_agg(to_jsonb(s) order by s.customer_id) from subctl.subscriptions s where s.customer_id = any (${ids}::text[])) as subscriptions,
           (select jsonb_agg(to_jsonb(s) order by s.customer_id, s.from_at) from subctl.subscription_phases s where s.customer_id = any (${ids}::text[])) as segments,
           (select jsonb_agg(to_jsonb(r) - 'invoice_id' || jsonb_build_object('billed', r.invoice_id is not null) order by r.customer_id, r.period_start)
              from subctl.renewals r where r.customer_id = any (${ids}::text[])) as renewals,
           (select jsonb_agg(to_jsonb(i) - 'id' order by i.customer_id, i.number) from subctl.invoices i where i.customer_id = any (${ids}::text[])) as invoices,
           (select jsonb_agg(to_jsonb(l) - 'invoice_id' order by l.customer_id, l.period_start, l.position)
              from subctl.invoice_lines l where l.customer_id = any (${ids}::text[])) as lines,
           (select jsonb_agg(to_jsonb(d) - '{id,invoice_id}'::text[] order by d.customer_id, d.at, d.periods_left)
              from subctl.discount_redemptions d where d.customer_id = any (${ids}::text[])) as discounts`;
  return row;
}

interface Asked {
  asOf: string;
  charge: string;
  size: number;
}

async function inPages(db: Db, ids: string[], { asOf, charge, size }: Asked): Promise<number> {
  const others = await db<{ id: string }[]>`select id from subctl.customers where id <> all (${ids}::text[])`;
  const aside = others.map(({ id }) => id);
  for (let done = 0, due = '-infinity', customer = ''; ;) {
    const [page] = await db<
      [{ done: number; due: string | null; customer: string; left_over: string[] | null }]
    >`
      select p.done, p.last_due::text as due, p.last_customer as customer, p.left_over
        from subctl.jobs j
       cross join lateral subctl_internal.renew_billed_page(
         row(${asOf}, 'test', j.lease_token, ${size}, ${aside}::text[], ${charge}, ${due}, ${customer})::subctl.page_request) p
       where j.task = 'handle-renewals'`;
    if (page.due === null) return done;
    done += page.done;
    [due, customer] = [page.due, page.customer];
    aside.push(...(page.left_over ?? []));
  }
}

class Undone extends Error {}

/** What is written for these customers, in pages first or by the general statement alone; nothing of it stays. */
async function written(
  ids: string[],
  asked: Asked,
  paged: boolean,
): Promise<{ rows: unknown; done: number }> {
  const found: { rows?: unknown; done: number } = { done: 0 };
  await sql
    .begin(async (db) => {
      if (paged) found.done = await inPages(db, ids, asked);
      for (let rounds = 0; rounds < 200; rounds += 1) {
        const [row] = await db<[{ done: number }]>`
          select subctl_internal.renew_subscriptions(${asked.asOf}, ${ids}::text[], 'test', ${asked.charge}) as done`;
        if (row.done === 0) break;
      }
      found.rows = await rowsOf(db, ids);
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return { rows: found.rows, done: found.done };
}

test('R27 R35 R36: billed renewals in pages write the rows that the general statement writes', async () => {
  let made = 0;
  let inPage = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(billed, { minLength: 10, maxLength: 10 }),
      fc.integer({ min: 24 * 20, max: 24 * 150 }),
      fc.constantFrom('latest', 'latest', 'all', 'none'),
      fc.integer({ min: 1, max: 4 }),
      async (all, hours, charge, size) => {
        const ids: string[] = [];
        for (const facts of all) {
          ids.push(`billed${(made += 1)}`);
          await make(sql, ids.at(-1)!, facts);
        }
        const asked = { asOf: instant(hours), charge, size };
        // a run refuses all of a list with one of these (R37)
        const [refused] =
          await sql`select count(*)::int as n from subctl_internal.excessive_charges(${asked.asOf}, ${ids}::text[], ${charge})`;
        if (refused!['n'] !== 0) return;
        const paged = await written(ids, asked, true);
        expect(paged.rows).toEqual((await written(ids, asked, false)).rows);
        inPage += paged.done;
      },
    ),
    { seed: 20_261_130, numRuns: process.env['SUBCTL_LONG'] ? 200 : 25, endOnFailure: true },
  );
  expect(inPage).toBeGreaterThan(made / 2);
});
