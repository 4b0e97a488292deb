import { afterAll, inject } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { withDatabase } from '../../src/database/url.ts';

/** A database of the test file's own, with the schema and nothing in it. */
export interface TestDatabase {
  url: string;
  name: string;
  sql: Connection;
  /** for the program: only this database, none of the developer's settings */
  env: Record<string, string>;
}

let count = 0;

/** Makes a database from the template and drops it after the file's last test. Call it at the top of the file or of a `describe`. */
export async function testDatabase({
  empty = false,
  max = 8,
  from = '',
}: {
  empty?: boolean;
  max?: number;
  /** another database to copy, to which nobody is connected */
  from?: string;
} = {}): Promise<TestDatabase> {
  const { url: serverUrl, template, prefix, problem } = inject('testServer');
  if (problem && !empty) throw new Error(`The schema does not apply: ${problem}`);
  const source = from || (empty ? 'template0' : template);
  const name = `${prefix}_${process.env['VITEST_WORKER_ID'] ?? '0'}_${process.pid}_${count++}`;
  await asAdmin(serverUrl, `create database ${name} template ${source}`);
  const url = withDatabase(serverUrl, name);
  const sql = connectTo(parseDatabaseUrl(url), max);
  afterAll(async () => {
    await sql.end({ timeout: 5 });
    await asAdmin(serverUrl, `drop database ${name} with (force)`);
  });
  return {
    url,
    name,
    sql,
    env: { DATABASE_URL: url, SUBCTL_HOME: '/nonexistent/subctl', NO_COLOR: '1', TZ: 'UTC' },
  };
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const admin = connectTo(parseDatabaseUrl(url), 1);
  try {
    await withoutOwnSession(admin).unsafe(statement);
  } finally {
    await admin.end({ timeout: 5 });
  }
}
