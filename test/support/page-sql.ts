import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';

/**
 * Runs the statements of a block, each ending with `;` at the end of a line, and gives the block as it went: lines `--> ` behind a statement
 * are what its rows were, values parted by ` | `. A statement without such lines must only succeed.
 */
export async function playedSql(url: string, text: string): Promise<string> {
  // the application's own session, as psql has it
  const sql = connectTo(parseDatabaseUrl(url), 1);
  try {
    return await played(withoutOwnSession(sql), text);
  } finally {
    await sql.end();
  }
}

async function played(sql: Connection, text: string): Promise<string> {
  const lines: string[] = [];
  let statement: string[] = [];
  let rows: string[] = [];
  for (const line of text.trimEnd().split('\n')) {
    if (/^-->( |$)/.test(line)) {
      lines.push(...rows);
      rows = [];
      continue;
    }
    lines.push(line);
    statement.push(line);
    if (!/;\s*(--.*)?$/.test(line)) continue;
    rows = (await sql.unsafe(statement.join('\n'))).map((row) => lineOf(row as Record<string, unknown>));
    statement = [];
  }
  if (statement.some((line) => line.trim() && !line.startsWith('--')))
    throw new Error(`This statement has no end: ${statement.join('\n')}`);
  return `${lines.join('\n')}\n`;
}

const lineOf = (row: Record<string, unknown>) => `--> ${Object.values(row).map(wordOf).join(' | ')}`;

function wordOf(value: unknown): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
