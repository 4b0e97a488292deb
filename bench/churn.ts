import type { Connection } from '../src/database/connect.ts';
import { withoutOwnSession } from '../src/database/own-session.ts';
import { populateForTasks, taskAnchor } from './population.ts';
import { digits } from './results.ts';
import type { Bench } from './run.ts';

const section = 'A year of churn';
const days = 360;
const tasks = ['reset-monthly-usage', 'reset-credits', 'handle-renewals', 'check-expired'];
const hot = [
  'usage_totals',
  'customer_windows',
  'customer_rules',
  'subscriptions',
  'credit_grants',
  'usage_counters',
];

/**
 * A simulated year: each day every fifth customer uses something, in batches, and the tasks do what is due; each week a vacuum stands for autovacuum,
 * which goes by the wall clock. How the tables that are updated in place grow, and what of them is dead at the end.
 */
export async function churn({ server, options, add }: Bench): Promise<void> {
  const customers = Math.min(options.customers, 2_000);
  await server.createDatabase('churn');
  server.subctl(['setup', '--yes'], 'churn');
  const sql = server.connect('churn', 1);
  await populateForTasks(sql, customers);
  await sql`select subctl_internal.ensure_partitions(${taskAnchor}, 15)`;
  const start = new Date(taskAnchor).getTime();
  const sizes = new Map<number, Record<string, number>>([[0, await bytesOf(sql)]]);
  for (let day = 1; day <= days; day++) {
    const now = new Date(start + day * 86_400_000 - 3_600_000).toISOString();
    await sql`
      select json_array_length(subctl.record_usage_many_json(jsonb_agg(
               jsonb_build_object('customer', c.id, 'kind', 'llm', 'key', 'day' || ${day}::text, 'quantity', 1)), ${now}))
        from (select id, row_number() over (order by id) / 100 as batch from subctl.customers where substr(id, 2)::int % 5 = ${day % 5}) c
       group by c.batch`;
    if (day % 5 === 0) for (const task of tasks) server.subctl([task, '--as-of', now], 'churn');
    if (day % 7 === 0) for (const table of hot) await withoutOwnSession(sql).unsafe(`vacuum subctl.${table}`);
    if (day % 90 === 0) sizes.set(day, await bytesOf(sql));
  }
  for (const table of hot) {
    const [stat] = await sql<[{ updates: number; in_place: number; dead: number; live: number }]>`
      select n_tup_upd::int as updates, n_tup_hot_upd::int as in_place, n_dead_tup::int as dead, n_live_tup::int as live
        from pg_stat_user_tables where schemaname = 'subctl' and relname = ${table}`;
    const [first, quarter, last] = [0, 90, days].map((day) => sizes.get(day)![table]!);
    add({
      ...{ section, what: `${table}, ${digits(customers)} customers: size after a year` },
      measured: `${digits(last! / 1024)} kB, ${digits(stat.dead)} dead of ${digits(stat.dead + stat.live)} rows`,
      baseline: `at first ${digits(first! / 1024)} kB, after a quarter ${digits(quarter! / 1024)} kB; ${digits(stat.updates)} updates, ${digits(stat.updates === 0 ? 100 : (stat.in_place * 100) / stat.updates)} % within their page`,
      ratio: last! / quarter!,
    });
  }
  await sql.end();
}

async function bytesOf(sql: Connection): Promise<Record<string, number>> {
  const rows = await sql<{ name: string; bytes: string }[]>`
    select c.relname as name, pg_total_relation_size(c.oid)::text as bytes
      from pg_class c where c.relnamespace = 'subctl'::regnamespace and c.relname = any (${hot}::text[])`;
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}
