import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { migrate } from '../../src/database/migrate.ts';
import { withDatabase } from '../../src/database/url.ts';
import { startTestServer } from './test-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** the server's URL, the template to copy, what every database of this run is named after, and why there is no template */
    testServer: { url: string; template: string; prefix: string; problem: string };
  }
}

/**
 * Before the first test: a server (our embedded one, in a throw-away folder, or that of SUBCTL_TEST_DATABASE_URL) and in it a template
 * database with the schema. Afterwards both are gone. When the schema does not apply, only the tests that ask for a database fail.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['SUBCTL_TEST_DATABASE_URL'];
  const server = external ? { url: external, stop: () => Promise.resolve() } : await startTestServer();
  const prefix = `subctl_test_${process.pid}_${process.hrtime.bigint().toString(36)}`;
  const template = `${prefix}_template`;
  const admin = connectTo(parseDatabaseUrl(server.url), 1);
  await withoutOwnSession(admin).unsafe(`create database ${template} template template0 encoding 'UTF8'`);
  const problem = await migrateTemplate(withDatabase(server.url, template));
  project.provide('testServer', { url: server.url, template, prefix, problem });
  return async () => {
    if (external) await withoutOwnSession(admin).unsafe(`drop database ${template} with (force)`);
    await admin.end();
    await server.stop();
  };
}

async function migrateTemplate(url: string): Promise<string> {
  const connection = connectTo(parseDatabaseUrl(url), 1);
  try {
    await migrate(connection, {
      folder: fileURLToPath(new URL('../../drizzle', import.meta.url)),
      program: '0.1.0',
    });
    return '';
  } catch (error) {
    return (error as Error).stack ?? String(error);
  } finally {
    await connection.end();
  }
}
