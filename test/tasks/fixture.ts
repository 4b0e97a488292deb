import type { Connection, Db } from '../../src/database/connect.ts';
import type { RunRequest } from '../../src/tasks/run-task.ts';
import { runTask } from '../../src/tasks/run-task.ts';
import type { Task } from '../../src/tasks/task.ts';

/** A plan that renews, with credits and limits of each kind, and one that ends after a month. Both are free. */
export async function prepareCatalogue(sql: Connection): Promise<void> {
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid')`;
  await sql`insert into subctl.plans (id, name, rank, fallback, current_version, created_at)
            values ('pro', 'Pro', 1, 'none', 1, '2025-01-01'), ('term', 'Term', 2, 'none', 1, '2025-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, credits, auto_renew)
            values ('pro', 1, '2025-01-01', 100, true), ('term', 1, '2025-01-01', null, false)`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
            values ('pro', 1, '1mo', 'USD', 0), ('term', 1, '1mo', 'USD', 0)`;
  await sql`insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
            select p, 1, 'messages', w, 50 from unnest('{pro,term}'::text[]) p cross join unnest('{day,month}'::text[]) w`;
  await sql`select subctl_internal.compile_plan(p, 1) from unnest('{pro,term}'::text[]) p`;
}

export async function subscribe(
  sql: Db,
  ids: readonly string[],
  plan: 'pro' | 'term',
  at: string,
): Promise<void> {
  const customers = [...ids];
  await sql`select subctl_internal.create_customer(c, ${at}) from unnest(${customers}::text[]) c`;
  await sql`
    select subctl_internal.start_subscriptions(${customers}::text[], array_fill(${at}::timestamptz, array[${customers.length}::int]), ${plan}, 1, '1mo', 'USD', 0,
           'free', 0, ${plan === 'pro'}, null, 'tester', null, 'new', null, ${at}, 'test')`;
  await sql`select subctl_internal.post_due_credits(${customers}::text[], ${at}, 'test')`;
}

export async function use(sql: Db, customer: string, at: string): Promise<void> {
  await sql`select subctl.record_usage(customer => ${customer}, kind => 'message', at => ${at}, as_of => ${at})`;
}

/** Runs a task by name as of `now`. */
export function run(sql: Connection, task: Task, now: string, more: Partial<RunRequest> = {}) {
  const request = {
    task,
    ask: { keepRows: true },
    now: new Date(now),
    mode: 'named',
    trigger: 'test',
    actor: 'tester',
  } as const;
  return runTask(sql, { ...request, ...more });
}

/** Everything that a task may write, without who wrote it and when. */
export async function stateOf(sql: Db): Promise<unknown> {
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(s) order by s.customer_id, s.id) from subctl.subscriptions s) as subscriptions,
           (select jsonb_agg(to_jsonb(s) order by s.customer_id, s.from_at) from subctl.subscription_phases s) as segments,
           (select jsonb_agg(to_jsonb(r) order by r.customer_id, r.period_start) from subctl.renewals r) as renewals,
           (select jsonb_agg(to_jsonb(c) order by c.customer_id, c."window", c.window_start) from subctl.usage_counters c) as counters,
           (select jsonb_agg(to_jsonb(u) order by u.customer_id) from subctl.customer_windows u) as state,
           (select jsonb_agg(to_jsonb(e) order by e.customer_id, e.id) from subctl.credit_entries e) as entries,
           (select jsonb_agg(to_jsonb(p) order by p.customer_id) from subctl.parked p) as parked,
           (select count(*) from subctl.changes) as changes`;
  return row;
}
