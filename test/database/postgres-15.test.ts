import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { migrate } from '../../src/database/migrate.ts';
import { root, subctl } from '../support/cli.ts';
import { hasPostgres15, startPostgres15 } from '../support/debian-server.ts';

const why = hasPostgres15 ? '' : ' (skipped: /usr/lib/postgresql/15 is not there)';

describe.runIf(hasPostgres15)(`on PostgreSQL 15${why}`, () => {
  const server = hasPostgres15 ? startPostgres15() : { url: 'postgres://', stop: () => undefined };
  const sql = connectTo(parseDatabaseUrl(server.url), 2);
  afterAll(async () => {
    await sql.end({ timeout: 1 });
    server.stop();
  });
  const program = { folder: path.join(root, 'drizzle'), program: '0.1.0' };

  test('the schema applies, and a second time nothing is left to do', async () => {
    const { applied } = await migrate(sql, program);
    expect(applied).toContain('0000_schema');
    expect(await migrate(sql, program)).toEqual({ applied: [], functions: [] });
  });

  test('the functions came with it', async () => {
    const functions = await sql<
      { name: string }[]
    >`select proname as name from pg_proc where pronamespace = 'subctl_internal'::regnamespace`;
    expect(functions.map(({ name }) => name)).toContain('window_bounds');
  });

  test('the program finds it by its URL', async () => {
    const { code, stdout } = await subctl(['db', 'status', '--json'], { env: { DATABASE_URL: server.url } });
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ database: 'external', running: true, version: expect.stringMatching(/^15\./) as string })]); // prettier-ignore
  });
});
