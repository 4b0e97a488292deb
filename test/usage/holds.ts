import { beforeAll } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { type Answer, customer, lay, plan, subscribe } from './world.ts';

/** What reserve_usage answers beside the answer of a use. */
export interface Reserved extends Answer {
  reservation: string;
  expires_at: string;
  held?: string;
}

type Arguments = Record<string, string | number | boolean | object | undefined>;

const types: Record<string, string> = {
  as_of: 'timestamptz',
  hold: 'interval',
  units: 'jsonb',
  metadata: 'jsonb',
  reservation: 'uuid',
  partial: 'boolean',
  ...Object.fromEntries(
    ['quantity', 'input_tokens', 'output_tokens', 'cached_tokens', 'cost'].map((name) => [name, 'numeric']),
  ),
};

async function call<T>(sql: Connection, name: string, given: Arguments): Promise<T> {
  const list = Object.entries(given).filter(([, value]) => value !== undefined);
  const text = list.map(([key], at) => `${key} => $${at + 1}::text::${types[key] ?? 'text'}`).join(', ');
  const values = list.map(([, value]) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));
  const rows = await sql.unsafe(`select subctl.${name}(${text}) as answer`, values);
  return rows[0]!['answer'] as T;
}

export const reserve = (sql: Connection, given: Arguments) => call<Reserved>(sql, 'reserve_usage', given);
export const settle = (sql: Connection, given: Arguments) => call<Reserved>(sql, 'settle_usage', given);
export const release = (sql: Connection, given: Arguments) =>
  call<{ status: string; ended_at: string; replayed: boolean }>(sql, 'release_usage', given);

/** Lays a plan of a hundred messages a day and a hundred credits before the tests of a file; each call gives a new customer on it. */
export function hundredths(sql: Connection): () => Promise<string> {
  let count = 0;
  beforeAll(async () => {
    await lay(sql, undefined, { image: '1' });
    await plan(sql, 'hundred', {
      limits: {
        messages: { day: 100, month: 1000, rolling_3h: 300 },
        tokens: { month: 10_000 },
        cost_usd: { month: 5 },
        files: { session: 3 },
      },
      memberLimits: { messages: { day: 60 } },
      credits: '100',
      seats: 5,
    });
  });
  return async () => {
    const who = await customer(sql, `c${count++}`);
    await subscribe(sql, who, 'hundred', { at: '2026-02-15T00:00:00Z' });
    return who;
  };
}
