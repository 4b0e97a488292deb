import { afterAll } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { type Role, roleNames } from '../../src/roles/rights.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

/** A database with roles of its own names, for they belong to the whole server, and an account for each of them. */
export async function databaseWithRoles() {
  const { sql, env, name, url } = await testDatabase();
  const prefix = name
    .replace(/[^a-z0-9_]/g, '_')
    .slice(-30)
    .replace(/^[^a-z]+/, 'r');
  const account = (role: string) => `${prefix}_who_${role}`;
  const run = (words: string[], as?: string) =>
    subctl(words, { env: as === undefined ? env : { ...env, DATABASE_URL: urlOf(as) } });
  const urlOf = (user: string, database = name) =>
    formatDatabaseUrl({ ...parseDatabaseUrl(url), user, password: 'x', database }, { showPassword: true });
  afterAll(async () => {
    const made = await sql<
      { name: string }[]
    >`select rolname::text as name from pg_roles where starts_with(rolname, ${`${prefix}_`})`;
    for (const { name: role } of made)
      await withoutOwnSession(sql).unsafe(`drop owned by ${role}; drop role ${role}`);
  });
  await run(['setup', '--roles', '--role-prefix', prefix]);
  for (const role of [...roleNames, 'nobody'])
    await withoutOwnSession(sql).unsafe(`create role ${account(role)} login password 'x'`);
  for (const role of roleNames)
    await run(
      role === 'bound'
        ? ['roles', 'grant', 'app', account(role), '--customer', 'ann']
        : ['roles', 'grant', role, account(role)],
    );
  /** Runs one statement as a role and undoes it. True: the role may; what else is wrong with the statement does not count. */
  const may = async (role: Role, statement: string, refusal: RegExp = /./): Promise<boolean> => {
    let error: { code?: string; message: string } | undefined;
    const undo = new Error('undo');
    await withoutOwnSession(sql)
      .begin(async (tx) => {
        await tx.unsafe(`set local statement_timeout = '10s'; set local role ${prefix}_${role}`);
        await tx.unsafe(statement).catch((cause: typeof error) => (error = cause));
        throw undo;
      })
      .catch((cause: unknown) => {
        if (cause !== undo && cause !== error) throw cause;
      });
    if (/^(42704|42601)$/.test(error?.code ?? '')) throw new Error(`${statement}: ${error!.message}`);
    return !(error?.code === '42501' && refusal.test(error.message));
  };
  return { sql, env, prefix, account, run, urlOf, may };
}
