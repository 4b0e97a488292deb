import { randomUUID } from 'node:crypto';
import type { Connection, Db } from '../src/database/connect.ts';

export interface BareUse {
  customer: string;
  at: string;
  key: string;
}

/** The rows that a customer's first use leaves, in the order in which they are written. */
const tables = [
  'customer_windows',
  'usage_totals',
  'customer_priced_rules',
  'usage_keys',
  'usage_events',
  'usage_rolling_totals',
];

/**
 * Writes what an import of uses leaves as plain statements, 200 uses a transaction: each table's rows as those of `model`, a customer
 * whose use was imported, with the customer, the instant, the key and the id of the use. No lock, no question, no rule.
 */
export async function writeBareUses(sql: Connection, uses: readonly BareUse[], model: string): Promise<void> {
  const statements: string[] = [];
  for (const table of tables) statements.push(await statementOf(sql, table));
  for (let from = 0; from < uses.length; from += 200) {
    const page = uses.slice(from, from + 200);
    const columns = [
      page.map(({ customer }) => customer),
      page.map(({ at }) => at),
      page.map(({ key }) => key),
      page.map(() => randomUUID()),
    ];
    await sql.begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement, [...columns, model]);
    });
  }
}

/** Inserts the model's rows of a table for each use of the page. */
async function statementOf(db: Db, table: string): Promise<string> {
  const own: Record<string, string> = {
    customer_id: 'u.customer',
    at: 'u.at',
    event_at: 'u.at',
    key: 'u.key',
    id: 'u.id',
    event_id: 'u.id',
  };
  const columns = await db<{ name: string }[]>`
    select column_name as name from information_schema.columns
     where table_schema = 'subctl' and table_name = ${table} order by ordinal_position`;
  const values = columns.map(({ name }) => own[name] ?? `m."${name}"`);
  return `
    insert into subctl.${table} (${columns.map(({ name }) => `"${name}"`).join(', ')})
    select ${values.join(', ')}
      from unnest($1::text[], $2::timestamptz[], $3::text[], $4::uuid[]) u(customer, at, key, id)
     cross join (select * from subctl.${table} where customer_id = $5) m`;
}
