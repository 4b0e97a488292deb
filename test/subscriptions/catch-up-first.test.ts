import { beforeAll, expect, it } from 'vitest';
import { addCredits } from '../../src/credits/change-credits.ts';
import { inDryRun } from '../../src/database/dry-run.ts';
import { recordChange } from '../../src/database/change.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { settleSubscriptions } from '../../src/subscriptions/settle.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { runTasks } from '../stories/lives.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { assign } from '../support/plans.ts';

const { sql } = await testDatabase();
const begin = '2025-06-01T09:00:00.000Z';
const end = new Date('2026-01-01T00:00:00Z');
const plans = ['daily', 'rolls', 'yearly', 'term'] as const;
const numbers = /b\d+-|[0-9a-f]{8}-[0-9a-f-]{27}/g;
let count = 0;

beforeAll(async () => {
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2024-01-01', 'tester', 'batches')`;
  await sql`
    insert into subctl.plans (id, name, rank, active, fallback, fallback_plan_id, current_version, created_at)
    select p, p, n, true, case p when 'term' then 'plan' else 'none' end, case p when 'term' then 'rolls' end, 1, '2024-01-01'
      from unnest(${[...plans, 'top']}::text[]) with ordinality t(p, n)`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, rollover_max, auto_renew, grace_days)
    select p, 1, '2024-01-01', 10, case when p in ('yearly', 'term') then '1d' end, case p when 'rolls' then 3 end, p <> 'term', 7
      from unnest(${[...plans, 'top']}::text[]) p`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
    select p, 1, case when p in ('yearly', 'term', 'top') then '1y' else '1d' end, 'USD', case p when 'top' then 2 end
      from unnest(${[...plans, 'top']}::text[]) p`;
  await sql`select subctl_internal.compile_all()`;
});

async function begun(): Promise<string[]> {
  const prefix = `b${(count += 1)}-`;
  const ids = plans.map((plan) => `${prefix}${plan}`);
  for (const [n, id] of ids.entries()) {
    await sql`select subctl_internal.create_customer(${id}, ${begin})`;
    const endsAt = plans[n] === 'term' ? new Date('2025-11-20T12:00:00Z') : undefined;
    await assign(sql, begin, { customer: id, plan: plans[n]!, endsAt });
  }
  return ids;
}

/** What is written in the end, without who wrote it and when. */
async function booksOf(customers: readonly string[]): Promise<unknown> {
  const ids = [...customers];
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(l) order by l.customer_id, l.id)
              from (select customer_id, id, at, kind, trim_scale(amount) as amount, trim_scale(balance_after) as balance
                      from subctl.credit_entries where customer_id = any (${ids}::text[])) l) as ledger,
           (select jsonb_agg(to_jsonb(s) order by s.customer_id, s.started_at)
              from (select customer_id, plan_id, status, started_at, ended_at, current_period_start, current_period_end, anchor, epoch
                      from subctl.subscriptions where customer_id = any (${ids}::text[])) s) as subscriptions,
           (select jsonb_agg(to_jsonb(g) order by g.customer_id, g.from_at)
              from (select customer_id, from_at, status, plan_id, cause from subctl.subscription_phases where customer_id = any (${ids}::text[])) g) as history,
           (select jsonb_agg(to_jsonb(r) order by r.customer_id, r.period_start)
              from (select customer_id, period_start, period_end, outcome from subctl.renewals where customer_id = any (${ids}::text[])) r) as renewals`;
  return JSON.parse(JSON.stringify(row).replaceAll(numbers, ''));
}

/** The most rows of credits and of renewals that one transaction wrote of these customers. */
async function largest(customers: readonly string[]): Promise<number> {
  const ids = [...customers];
  const [{ rows }] = await sql<[{ rows: number }]>`
    select max(n)::int as rows from (
      select count(*) as n from subctl.credit_entries where customer_id = any (${ids}::text[]) group by xmin::text
      union all
      select count(*) from subctl.renewals where customer_id = any (${ids}::text[]) group by xmin::text) t`;
  return rows;
}

const settle = (id: string) => asTester(sql, (tx, change) => settleSubscriptions(tx, change, [id]), end);

it('H8: a command settles what was missed in batches of their own first, with the same rows as little by little', async () => {
  const often = await begun();
  for (let at = Date.parse(begin); at < end.getTime(); at += 5 * 86_400_000) {
    for (const id of often)
      await asTester(sql, (tx, change) => settleSubscriptions(tx, change, [id]), new Date(at));
  }
  for (const id of often) await settle(id);
  const books = await booksOf(often);
  const once = await begun();
  for (const id of once) await settle(id);
  expect(await booksOf(once)).toEqual(books);
  expect(await largest(once)).toBeLessThan(600);
  const tasks = await begun();
  await runTasks(sql, tasks, end).catch(() => undefined); // some steps, and credits that are ahead of them
  for (const id of tasks) await settle(id);
  expect(await booksOf(tasks)).toEqual(books);
  expect(await failedChecks(sql, end)).toEqual([]);
});

it('H8: a command that fails, or two at once, leave what is settled, and the work is done once', async () => {
  const [one] = await begun();
  const failing = asTester(
    sql,
    async (tx, change) => {
      await settleSubscriptions(tx, change, [one!]);
      throw new Error('the work fails');
    },
    end,
  );
  await expect(failing).rejects.toThrow('the work fails');
  const [{ left }] = await sql<[{ left: Date }]>`
    select current_period_end as left from subctl.subscriptions where customer_id = ${one!}`;
  expect(left.getTime()).toBeGreaterThan(Date.parse('2025-12-01'));
  const [, two] = await begun();
  const cancel = () =>
    asTester(sql, (tx, change) => cancelSubscription(tx, change, { customer: two!, atOnce: true }), end);
  const ended = await Promise.allSettled([cancel(), cancel()]);
  expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const three = (await begun())[2]!;
  await asTester(
    sql,
    (tx, change) =>
      addCredits(tx, { ...change, reason: 'x' }, { customer: three, amount: '5', source: 'adjustment' }),
    end,
  );
  expect(await largest([two!, three])).toBeLessThan(600);
  expect(await failedChecks(sql, end)).toEqual([]);
});

it('H8: a rehearsal shows the work of a customer who is far behind, and leaves nothing', async () => {
  const [one] = await begun();
  const before = await booksOf([one!]);
  const shown = await inDryRun(sql, async (tx) => {
    const change = await recordChange(tx, { now: end, actor: 'tester', action: 'test' });
    return cancelSubscription(tx, change, { customer: one!, atOnce: true });
  });
  expect(shown).toMatchObject({ status: 'canceled' });
  expect(await booksOf([one!])).toEqual(before);
});
