import { spawn, type ChildProcess } from 'node:child_process';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { caches, rowsOf } from '../support/tables.ts';
import { timetable } from '../../src/scheduler/timetable.ts';

/** The tasks that take part, and when: what else the timetable has is off. */
export const expressions: Record<string, string> = {
  'reset-monthly-usage': '0 0 * * *',
  'reset-credits': '0 */6 * * *',
  'check-expired': '0 1 * * *',
  'handle-renewals': '0 2 * * *',
  prune: '0 4 * * *',
};

export const timezone = 'Europe/Berlin'; // its clocks change on 31 March
export const begin = new Date('2024-03-27T00:30:00Z');

/** The same timetable for the daemons, the crontab lines and the calm run. */
export const timetableVariables: Record<string, string> = Object.fromEntries([
  ['SUBCTL_TIMETABLE_TIMEZONE', timezone],
  ...timetable.map(({ task }) => [
    `SUBCTL_TIMETABLE_${task.toUpperCase().replaceAll('-', '_')}`,
    expressions[task] ?? 'off',
  ]),
]) as Record<string, string>;

/** Customers whose subscriptions renew daily, every third day, weekly and monthly, and some that end. */
export async function populate(sql: Connection, customers: number): Promise<void> {
  await sql`insert into subctl.kinds (id, canonical) values ('message', 'message')`;
  await sql`insert into subctl.meters (id, name, kinds, tier) values ('messages', 'Messages', '{message}', 'paid')`;
  await sql`insert into subctl.plans (id, name, rank, fallback, current_version, created_at)
            values ('pro', 'Pro', 1, 'none', 1, '2024-01-01'), ('term', 'Term', 2, 'none', 1, '2024-01-01')`;
  await sql`insert into subctl.plan_versions (plan_id, version, created_at, credits, auto_renew)
            values ('pro', 1, '2024-01-01', 100, true), ('term', 1, '2024-01-01', null, false)`;
  await sql`insert into subctl.plan_prices (plan_id, version, "interval", currency, amount)
            select p, 1, i, 'USD', 0 from unnest('{pro,term}'::text[]) p cross join unnest('{1d,3d,1w,1mo}'::text[]) i`;
  await sql`insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value)
            select p, 1, 'messages', w, 5000 from unnest('{pro,term}'::text[]) p cross join unnest('{day,month}'::text[]) w`;
  await sql`select subctl_internal.compile_plan(p, 1) from unnest('{pro,term}'::text[]) p`;
  const intervals = ['1d', '3d', '1w', '1mo'];
  for (const [at, interval] of intervals.entries()) {
    for (const plan of ['pro', 'term']) {
      const count = Math.round((customers / intervals.length) * (plan === 'pro' ? 0.8 : 0.2));
      const ids = Array.from(
        { length: count },
        (_, n) => `${plan}-${interval}-${String(n).padStart(3, '0')}`,
      );
      const starts = ids.map((_, n) =>
        new Date(begin.getTime() - (1 + at) * 3_600_000 - n * 917_000).toISOString(),
      );
      await sql`select subctl_internal.create_customer(c, '2024-03-20') from unnest(${ids}::text[]) c`;
      await sql`
        select subctl_internal.start_subscriptions(${ids}::text[], ${starts}::timestamptz[], ${plan}, 1, ${interval}, 'USD', 0, 'free', 0, ${plan === 'pro'},
               null, 'tester', null, 'new', null, ${begin}, 'test')`;
      await sql`select subctl_internal.post_due_credits(${ids}::text[], ${begin}, 'test')`;
    }
  }
}

/** Every seventh customer uses something; the key makes a repeated call the same call. */
export async function useSomething(sql: Connection, step: number, now: Date): Promise<void> {
  await sql`
    select subctl.record_usage(customer => id, kind => 'message', quantity => 3, at => ${now}, as_of => ${now}, key => ${`step-${step}`})
      from (select id, row_number() over (order by id) as n from subctl.customers) c
     where (n + ${step}::int) % 7 = 0`;
}

const apart = ['jobs', 'job_runs', 'daemons', 'changes', ...caches];

/** Everything in the schema but who did it when: sorted rows of every table, ids that are made up at random taken out. */
export async function totals(url: string): Promise<Record<string, { rows: number; digest: string }>> {
  const sql = connectTo(parseDatabaseUrl(url), 1);
  const tables = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c
     where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all (${apart}::text[]) order by 1`;
  const found: Record<string, { rows: number; digest: string }> = {};
  for (const { name } of tables) {
    const [row] = await sql.unsafe<[{ rows: number; digest: string }]>(`
      select count(*)::int as rows, md5(coalesce(string_agg(line, E'\\n' order by line), '')) as digest
        from (select regexp_replace((to_jsonb(t) - '{id,change_id,generation}'::text[])::text,
                '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}', '<id>', 'g') as line from ${rowsOf(name)} t) l`);
    found[name] = row;
  }
  await sql.end({ timeout: 1 });
  return found;
}

export interface Runner {
  child: ChildProcess;
  log: () => string;
  ended: Promise<number | null>;
}

export function spawnNode(words: readonly string[], env: Record<string, string>): Runner {
  const child = spawn(process.execPath, words, { env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr!.on('data', (data: Buffer) => (log = `${log}${data.toString()}`.slice(-200_000)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, log: () => log, ended };
}
