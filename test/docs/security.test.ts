import { afterAll, expect, test } from 'vitest';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { connectTo } from '../../src/database/connect.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { textOf } from '../house/sources.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { wordsOf } from '../support/session.ts';

const { sql, url, env, name } = await testDatabase({ empty: true, max: 1 });
/** Roles and databases belong to the whole server: those of the page have names of this test. */
const own = `sec_${name.replace(/[^a-z0-9]/g, '_').slice(-30)}`;
const renamed = (text: string) =>
  text
    .replace(/\bshop(_\w+)?\b/g, (_, rest: string | undefined) => `${own}${rest ?? ''}`)
    .replace('--role-prefix shop', `--role-prefix ${own}`);
const admin = withoutOwnSession(sql);

afterAll(async () => {
  await admin.unsafe(`drop database if exists ${own} with (force)`);
  const roles = await sql<
    { name: string }[]
  >`select rolname::text as name from pg_roles where starts_with(rolname, ${own})`;
  if (roles.length > 0) await admin.unsafe(`drop role ${roles.map((role) => role.name).join(', ')}`);
});

const urlOf = (user: string, password: string) =>
  formatDatabaseUrl({ ...parseDatabaseUrl(url), user, password, database: own }, { showPassword: true });

/** Runs the lines of a block: `$ command`, which must succeed or end with the exit code behind `||`. */
async function playCommands(text: string, play: { url?: string }): Promise<void> {
  for (const line of text.split('\n').filter((each) => each.startsWith('$ '))) {
    const account = /^\$ export DATABASE_URL=postgres:\/\/(\w+):([^@]+)@/.exec(line);
    if (account) {
      play.url = urlOf(renamed(account[1]!), account[2]!);
      continue;
    }
    const [command = '', code = '0'] = line.slice(2).split(' || exit code ');
    const [, ...words] = wordsOf(renamed(command)).words;
    const done = await subctl(words, { env: { ...env, DATABASE_URL: play.url! } });
    expect(done, `${line}\n${done.stderr}`).toMatchObject({ code: Number(code) });
    if (command === 'subctl doctor') expect(done.stderr).toBe('');
  }
}

test('docs/operations/security.md goes as it is written, from the accounts to the tokens', async () => {
  const page = textOf('docs/operations/security.md');
  const play: { url?: string } = {};
  const answers: unknown[] = [];
  for (const [, label = '', text = ''] of page.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)) {
    if (label === 'console') await playCommands(text, play);
    if (label === 'sql')
      for (const statement of text.split(/;\n/).filter(Boolean)) await admin.unsafe(renamed(statement));
    const account = /^sql as (\w+)$/.exec(label)?.[1];
    if (account === undefined) continue;
    const password = new RegExp(`${account} login password '([^']+)'`).exec(page)![1]!;
    const db = connectTo(parseDatabaseUrl(urlOf(renamed(account), password)), 1);
    try {
      for (const statement of text.split(/;\n/).filter(Boolean))
        answers.push(...(await withoutOwnSession(db).unsafe(statement)).map((row) => Object.values(row)[0]));
      const other = withoutOwnSession(db).unsafe(`select subctl.check_usage('zoe', 'image')`);
      if (account === 'shop_portal') await expect(other).rejects.toMatchObject({ code: 'SB004' });
      else await other;
    } finally {
      await db.end();
    }
  }
  expect(answers.slice(-2)).toEqual(['acme', 'acme']);
  const owners = await connectedAs(
    play.url!,
    `select distinct tableowner::text as o from pg_tables where schemaname = 'subctl'`,
  );
  expect(owners).toEqual([`${own}_owner`]);
});

async function connectedAs(at: string, statement: string): Promise<unknown[]> {
  const db = connectTo(parseDatabaseUrl(at), 1);
  try {
    return (await withoutOwnSession(db).unsafe(statement)).map((row) => Object.values(row)[0]);
  } finally {
    await db.end();
  }
}
