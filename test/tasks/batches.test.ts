import { beforeAll, expect, it } from 'vitest';
import { checkExpired } from '../../src/tasks/check-expired.ts';
import { renewals } from '../../src/tasks/renewals.ts';
import { resetCredits } from '../../src/tasks/reset-credits.ts';
import { resetMonthlyUsage } from '../../src/tasks/reset-monthly-usage.ts';
import type { Task } from '../../src/tasks/task.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { runTasks } from '../stories/lives.ts';
import { testDatabase } from '../support/database.ts';
import { run } from './fixture.ts';

const { sql } = await testDatabase();
const begin = '2025-06-01T09:00:00.000Z';
const end = new Date('2026-01-01T00:00:00Z');
const plans = ['daily', 'rolls', 'yearly', 'term'] as const;
const tasks = [resetMonthlyUsage, checkExpired, resetCredits, renewals];
let count = 0;

beforeAll(async () => {
  await sql`insert into subctl.changes (id, at, actor, action) values ('test', '2024-01-01', 'tester', 'batches')`;
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid')`;
  await sql`
    insert into subctl.plans (id, name, fallback, fallback_plan_id, current_version, created_at)
    select p, p, case p when 'term' then 'plan' else 'none' end, case p when 'term' then 'rolls' end, 1, '2024-01-01' from unnest(${[...plans]}::text[]) p`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, credits_every, rollover_max, auto_renew)
    select p, 1, '2024-01-01', 10, case when p in ('yearly', 'term') then '1d' end, case p when 'rolls' then 3 end, p <> 'term' from unnest(${[...plans]}::text[]) p`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
    select p, 1, case when p in ('yearly', 'term') then '1y' else '1d' end, 'USD', 0 from unnest(${[...plans]}::text[]) p`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value)
    select p, 1, 'messages', w, 'customer', 50 from unnest(${[...plans]}::text[]) p cross join unnest(array['hour', 'period']) w`;
  await sql`select subctl_internal.compile_all()`;
});

/** Customers of each plan, untouched but for some uses. */
async function begun(): Promise<string[]> {
  const prefix = `b${(count += 1)}-`;
  for (const plan of plans) {
    const id = `${prefix}${plan}`;
    await sql`select subctl_internal.create_customer(${id}, ${begin})`;
    await sql`
      select subctl_internal.start_subscriptions(array[${id}], array[${begin}::timestamptz], ${plan}, 1, subctl_internal.default_interval(${plan}, 1), 'USD', 0, 'free',
             0, ${plan !== 'term'}, null, 'tester', null, 'new', null, ${begin}, 'test')`;
    await sql`select subctl_internal.post_due_credits(array[${id}], ${begin}, 'test')`;
    await sql`
      insert into subctl.usage_counters (customer_id, meter_id, "window", scope, subject, window_start, window_end, used)
      select ${id}, 'messages', 'hour', 'customer', '', t, t + interval '1 hour', 0
        from generate_series('2025-07-01'::timestamptz, '2025-07-20', interval '1 hour') t`;
  }
  return plans.map((plan) => `${prefix}${plan}`);
}

/** What is written in the end, without who wrote it and when. */
async function booksOf(customers: readonly string[]): Promise<unknown> {
  const ids = [...customers];
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(l) order by l.customer_id, l.id)
              from (select customer_id, id, at, kind, trim_scale(amount) as amount, trim_scale(balance_after) as balance
                      from subctl.credit_entries where customer_id = any (${ids}::text[])) l) as ledger,
           (select jsonb_agg(to_jsonb(g) order by g.customer_id, g.granted_at, g.source)
              from (select customer_id, source, source_key, trim_scale(amount) as amount, trim_scale(remaining) as remaining, granted_at, expires_at, expired_at
                      from subctl.credit_grants where customer_id = any (${ids}::text[])) g) as grants,
           (select jsonb_agg(to_jsonb(s) order by s.customer_id, s.started_at)
              from (select customer_id, plan_id, status, started_at, ended_at, current_period_start, current_period_end
                      from subctl.subscriptions where customer_id = any (${ids}::text[])) s) as subscriptions,
           (select jsonb_agg(to_jsonb(r) order by r.customer_id, r.period_start)
              from (select customer_id, period_start, period_end from subctl.renewals where customer_id = any (${ids}::text[])) r) as renewals,
           (select count(*) from subctl.usage_counters where customer_id = any (${ids}::text[]) and closed_at is not null) as closed`;
  return JSON.parse(JSON.stringify(row).replaceAll(/b\d+-/g, ''));
}

/** The most rows of credits or closed windows that one transaction wrote of these customers. */
async function largest(customers: readonly string[]): Promise<number> {
  const [{ rows }] = await sql<[{ rows: number }]>`
    select max(n)::int as rows from (
      select count(*) as n from subctl.credit_entries where customer_id = any (${[...customers]}::text[]) group by xmin::text
      union all
      select count(*) from subctl.usage_counters where customer_id = any (${[...customers]}::text[]) and closed_at is not null group by xmin::text) t`;
  return rows;
}

const until = async (work: (task: Task) => Promise<number>) => {
  for (let done = -1; done !== 0;) {
    done = 0;
    for (const task of tasks) done += await work(task);
  }
};

it('H8: what was missed for long is settled in batches, with the same rows as day by day', async () => {
  const often = await begun();
  for (let at = Date.parse(begin); at < end.getTime(); at += 23 * 86_400_000)
    await runTasks(sql, often, new Date(at));
  await runTasks(sql, often, end);
  const books = await booksOf(often);

  const once = await begun();
  const told: number[] = [];
  await until(async (task) => {
    const report = await run(sql, task, end.toISOString(), { progress: (done) => void told.push(done) });
    return report!.done;
  });
  expect(await booksOf(once)).toEqual(books);
  expect(await largest(once)).toBeLessThan(1100);
  expect(told.length).toBeGreaterThan(5);

  // stopped after each batch: each run does one, and the next goes on
  const stopped = await begun();
  let stops = 0;
  await until(async (task) => {
    const stop = new AbortController();
    const asked = { signal: stop.signal, progress: () => stop.abort() };
    const report = await run(sql, task, end.toISOString(), asked).catch(() => undefined);
    if (!report) stops += 1;
    return report?.done ?? 1;
  });
  expect(stops).toBeGreaterThan(5);
  expect(await booksOf(stopped)).toEqual(books);
  expect(await failedChecks(sql, end)).toEqual([]);
});
