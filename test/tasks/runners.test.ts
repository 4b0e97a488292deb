import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/database/connect.ts';
import { claimRun } from '../../src/tasks/claim.ts';
import { testDatabase } from '../support/database.ts';
import { prepareCatalogue, subscribe, use } from './fixture.ts';

const { sql } = await testDatabase();
const due = '2026-02-25T09:00:00Z';

beforeAll(() => prepareCatalogue(sql));

interface Facts {
  day: number;
  plan: 'pro' | 'term';
  used: boolean;
  odd: string;
}

/** of each kind one for whom there is something to do, whatever the others are */
const plain: Facts[] = [
  { day: 10, plan: 'pro', used: true, odd: 'quantity = quantity' },
  { day: 12, plan: 'term', used: true, odd: 'quantity = quantity' },
];

const customer = fc.record<Facts>({
  day: fc.integer({ min: 5, max: 25 }),
  plan: fc.constantFrom('pro', 'pro', 'term'),
  used: fc.boolean(),
  odd: fc.constantFrom(
    'quantity = quantity',
    'quantity = quantity',
    'cancel_at_period_end = true',
    'complimentary_periods = 1',
  ),
});

/** What one runner does: the size of its pages, and which of them are undone before their commit, as by a kill. */
const runner = fc.record({
  size: fc.integer({ min: 1, max: 4 }),
  killed: fc.array(fc.boolean(), { maxLength: 4 }),
});

const pages = [
  { name: 'close_page', task: 'reset-monthly-usage', every: 'quantity = quantity' },
  { name: 'reset_page', task: 'reset-credits', every: 'quantity = quantity' },
  { name: 'renew_page', task: 'handle-renewals', every: 'quantity = quantity' },
  { name: 'renew_billed_page', task: 'handle-renewals', every: "collection = 'invoice', price = 5" },
  { name: 'expire_page', task: 'check-expired', every: 'quantity = quantity' },
];

let made = 0;

async function make(all: readonly Facts[], every: string): Promise<string> {
  const prefix = `p${made++}-`;
  for (const [n, { day, plan, used, odd }] of all.entries()) {
    const id = `${prefix}${n}`;
    const begin = `2026-01-${String(day).padStart(2, '0')}T09:00:00Z`;
    await subscribe(sql, [id], plan, begin);
    if (used) await use(sql, id, '2026-01-31T23:30:00Z');
    await sql.unsafe(
      `update subctl.subscriptions set ${every} where customer_id = '${id}'; update subctl.subscriptions set ${odd} where customer_id = '${id}'`,
    );
  }
  return prefix;
}

class Killed extends Error {}

/** Does pages of the customers of `prefix` until there are none; a page that is killed is undone, and its runner begins again. Gives the rows that it did. */
async function work(
  { name, token, prefix }: { name: string; token: string; prefix: string },
  { size, killed }: { size: number; killed: boolean[] },
): Promise<number> {
  const others = await sql<
    { id: string }[]
  >`select id from subctl.customers where not starts_with(id, ${prefix})`;
  const ofOthers = others.map(({ id }) => id);
  let [done, after, aside] = [0, ['-infinity', ''], ofOthers];
  const kills = [...killed];
  for (;;) {
    const kill = kills.shift() === true;
    const page = await sql
      .begin(async (tx) => {
        const [row] = await tx`
          select done, stop, last_due::text as due, last_customer as customer, left_over
            from subctl_internal.${tx(name)}(row(${due}, 'page', ${token}, ${size}, ${aside}::text[], 'latest', ${after[0]!}, ${after[1]!})::subctl.page_request)`;
        if (kill) throw new Killed();
        return row!;
      })
      .catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
    if (!page) {
      [after, aside] = [['-infinity', ''], ofOthers];
      continue;
    }
    expect(page['stop']).toBe(false);
    done += page['done'] as number;
    aside = [...aside, ...((page['left_over'] as string[] | null) ?? [])];
    if (page['due'] === null) return done;
    after = [page['due'] as string, page['customer'] as string];
  }
}

/** All that pages write, without ids that are random or name the customer. */
async function rowsOf(db: Db, prefix: string): Promise<unknown> {
  const tables = {
    subscriptions: 'started_at',
    subscription_phases: 'from_at',
    usage_resets: 'at',
    renewals: 'period_start',
    usage_counters: '"window", t.window_start',
    customer_windows: 'next_end',
    credit_grants: 'granted_at',
    credit_entries: 'id',
    invoices: 'period_start',
    invoice_lines: 'position',
  };
  const rows: Record<string, unknown> = {};
  for (const [table, order] of Object.entries(tables)) {
    rows[table] = await db.unsafe(
      `select split_part(t.customer_id, '-', 2)::int as n,
              to_jsonb(t) - '{customer_id,subscription_id,grant_id,invoice_id,number,source_key,change_id}'::text[]
                - case when '${table}' = 'credit_entries' then '' else 'id' end as row
         from subctl.${table} t where starts_with(t.customer_id, $1) order by 1, t.${order}`,
      [prefix],
    );
  }
  return rows;
}

test.each(pages)(
  'J6 R42: $name does each row once, however many runners there are and wherever they are killed',
  async ({ name, task, every }) => {
    const run = await claimRun(sql, {
      task,
      now: new Date(due),
      mode: 'named',
      trigger: 'test',
      actor: 'tester',
    });
    const token = run!.token;
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(customer, { maxLength: 5 }),
          fc.array(runner, { minLength: 2, maxLength: 4 }),
          async (more, runners) => {
            const facts = [...plain, ...more];
            const alone = await make(facts, every);
            const one = await work({ name, token, prefix: alone }, { size: 100, killed: [] });
            const together = await make(facts, every);
            const done = await Promise.all(
              runners.map((each) => work({ name, token, prefix: together }, each)),
            );
            // who was held by another runner is left to a later run
            const rest = await work({ name, token, prefix: together }, { size: 100, killed: [] });
            expect(await rowsOf(sql, together)).toEqual(await rowsOf(sql, alone));
            // two that hold one lease, which only a test can: who was done between the search and the lock is counted by both, and written once
            expect(done.reduce((sum, each) => sum + each, rest)).toBeGreaterThanOrEqual(one);
            expect(one).toBeGreaterThan(0);
          },
        ),
        { numRuns: 6 },
      );
    } finally {
      await sql`update subctl.jobs set lease_until = null, lease_owner = null where task = ${task}`;
    }
  },
);
