import type { Connection } from '../../src/database/connect.ts';
import { personalTables } from '../../src/privacy/personal-columns.ts';

/** Of each table the rows that are not of one customer, as text. */
export async function rowsOfOthers(sql: Connection, customer: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [table, { customer: column, by = `t."${column}"` }] of Object.entries(personalTables)) {
    const [row] = await sql.unsafe<[{ rows: string | null }]>(
      `select string_agg(t::text, e'\\n' order by t::text) as rows from subctl."${table}" t
        where (${by})::text is distinct from $1`,
      [customer],
    );
    found[table] = row.rows ?? '';
  }
  return found;
}
