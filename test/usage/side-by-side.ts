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
    state: await read(`ids, starts, ends, refused, next_end, epoch`, 'usage_state'),
    totals: await read('used', 'usage_totals'),
    counters: await read(`to_jsonb(x) - 'customer_id'`, 'usage_counters'),
    marks: await read('meter_id, subject, at, cum', 'usage_marks'),
    alerts: await read(`meter_id, "window", threshold, limit_value, used, at, window_start`, 'alerts'),
    credits: await read('kind, amount, balance_after', 'credit_entries'),
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
