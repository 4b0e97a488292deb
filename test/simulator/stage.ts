import { fileURLToPath } from 'node:url';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { type Connection, connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { migrate } from '../../src/database/migrate.ts';
import { withDatabase } from '../../src/database/url.ts';

/** Makes a database with the schema and nothing in it to copy plays from. */
export async function makeTemplate(server: string, name: string): Promise<void> {
  await asAdmin(server, `create database ${name} template template0 encoding 'UTF8'`);
  const sql = connectTo(parseDatabaseUrl(withDatabase(server, name)), 1);
  try {
    await migrate(sql, {
      folder: fileURLToPath(new URL('../../drizzle', import.meta.url)),
      program: '0.1.0',
    });
  } finally {
    await sql.end();
  }
}

/** Does something on a copy of a template, which is gone afterwards. */
export async function onStage<T>(
  server: string,
  { template, name }: { template: string; name: string },
  work: (sql: Connection) => Promise<T>,
): Promise<T> {
  await asAdmin(server, `create database ${name} template ${template}`);
  const sql = connectTo(parseDatabaseUrl(withDatabase(server, name)), 2);
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
    await asAdmin(server, `drop database ${name} with (force)`);
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const admin = connectTo(parseDatabaseUrl(url), 1);
  try {
    await withoutOwnSession(admin).unsafe(statement);
  } finally {
    await admin.end({ timeout: 5 });
  }
}
