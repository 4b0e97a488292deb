import { afterAll } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { formatDatabaseUrl, withDatabase } from '../../src/database/url.ts';

/** A server on which databases are made, and what a command is given to reach them: no password in a URL. */
export interface Server {
  /** a new database with nothing in it */
  create(): Promise<{ url: string; sql: Connection; env: Record<string, string> }>;
}

let count = 0;

/** Databases on the server of `serverUrl`, dropped after the file's last test where the server goes on. */
export function databasesOn(serverUrl: string): Server {
  const made: { name: string; sql: Connection }[] = [];
  afterAll(async () => {
    for (const { name, sql } of made) {
      await sql.end({ timeout: 5 });
      await admin(serverUrl, `drop database ${name} with (force)`).catch(() => undefined);
    }
  });
  return {
    async create() {
      const name = `subctl_backup_${process.env['VITEST_WORKER_ID'] ?? '0'}_${process.pid}_${count++}`;
      await admin(serverUrl, `create database ${name} template template0 encoding 'UTF8'`);
      const full = withDatabase(serverUrl, name);
      const address = parseDatabaseUrl(full);
      const sql = connectTo(address, 4);
      made.push({ name, sql });
      return {
        sql,
        url: formatDatabaseUrl({ ...address, password: undefined }),
        env: { DATABASE_URL: full, ...(address.password && { PGPASSWORD: address.password }) },
      };
    },
  };
}

async function admin(url: string, statement: string): Promise<void> {
  const sql = connectTo(parseDatabaseUrl(url), 1);
  try {
    await withoutOwnSession(sql).unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
