import type { Connection } from '../../src/database/connect.ts';
import { type Answer, record, type Use } from './world.ts';

export type Told = Answer & { error?: { code: string; message: string } };

/** What a batch says of a use that is asked by itself. */
export async function alone(sql: Connection, asked: Use): Promise<Told> {
  try {
    return await record(sql, asked);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    const is = { SB008: 'conflict' }[code] ?? 'usage';
    return { allowed: null, error: { code: is, message } } as Told;
  }
}

/** The rows of a customer without what is random or its own name, and its answers likewise. */
export async function rowsOf(sql: Connection, who: string): Promise<unknown> {
  const read = async (columns: string, table: string) => {
    const rows = await sql.unsafe(`select ${columns} from subctl.${table} x where customer_id = $1`, [who]);
    return rows.map((row) => JSON.stringify(row)).sort();
  };
  return {
    events: await read(
      `at, kind, result::text, quantity, to_jsonb(x) - '{id,customer_id,subscription_id}'::text[] as rest`,
      'usage_events',
    ),
    keys: await read('key, content, event_at', 'usage_keys'),
    state: await read(`ids, starts, ends, refused, next_end, epoch`, 'customer_windows'),
    totals: await read('used', 'usage_totals'),
    counters: await read(`to_jsonb(x) - '{customer_id,change_id}'::text[]`, 'usage_counters'),
    marks: await read('meter_id, subject, at, cum', 'usage_rolling_totals'),
    alerts: await read(`meter_id, "window", threshold, limit_value, used, at, window_start`, 'alerts'),
    credits: await read(
      'kind, trim_scale(amount) as amount, trim_scale(balance_after) as balance_after',
      'credit_entries',
    ),
  };
}

/** The same value with the keys of its objects in one order. */
export function sortedJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedJson) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sortedJson(each)]),
  ) as T;
}

/** Deletes the rules of a customer: the next use makes them from the plan's template, where there is one. */
export async function withoutRules(sql: Connection, who: string): Promise<void> {
  await sql`delete from subctl.customer_rules where customer_id = ${who}`;
  await sql`delete from subctl.customer_priced_rules where customer_id = ${who}`;
}

/** Leaves nothing that is kept for a customer, so that its next use is decided in full; `templatesBack` afterwards. */
export async function nothingKept(sql: Connection, who: string): Promise<void> {
  await withoutRules(sql, who);
  await sql`update subctl.rule_templates set plan_id = 'aside ' || plan_id`;
}

export async function templatesBack(sql: Connection): Promise<void> {
  await sql`
    delete from subctl.rule_templates n using subctl.rule_templates a
     where a.plan_id = 'aside ' || n.plan_id and (a.version, a.kind, a.provider, a.model, a.is_plain, a.has_tokens)
       = (n.version, n.kind, n.provider, n.model, n.is_plain, n.has_tokens)`;
  await sql`update subctl.rule_templates set plan_id = substr(plan_id, 7) where plan_id like 'aside %'`;
}
