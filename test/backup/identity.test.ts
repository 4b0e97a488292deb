import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { Connection } from '../../src/database/connect.ts';
import { examineWhole } from '../../src/backup/check-restored.ts';
import { migrate } from '../../src/database/migrate.ts';
import { subctl, root } from '../support/cli.ts';
import { hasPostgres15, startPostgres15 } from '../support/debian-server.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';
import { wholeDatabase } from '../support/whole-database.ts';
import { gather } from '../crash/crowd.ts';
import { databasesOn } from './places.ts';

const program = { folder: path.join(root, 'drizzle'), program: '0.1.0' };
const folder = temporaryFolder('subctl-backup-');
const old = hasPostgres15 ? startPostgres15() : undefined;
afterAll(() => {
  old?.stop();
  removeFolder(folder);
});
const newest = databasesOn(inject('testServer').url);
const oldest = old && databasesOn(old.url);
let count = 0;
const newFile = () => path.join(folder, `${(count += 1)}.backup`);

/** Names and metadata of every kind that COPY must not confuse with its own signs. */
const text = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((made) => Buffer.from(made.replaceAll('\0', '')).toString()),
  fc.constantFrom('\\.', '\\N', '\n\\.\n', 'a\tb\\', '\r\n', "''", '-- end {}', 'COPY x FROM stdin;', ''),
);

/** A database with something of all, and customers whose texts are odd. */
async function fill(sql: Connection, seed: number): Promise<void> {
  await migrate(sql, program);
  await gather(sql);
  await sql`select subctl_internal.ensure_partitions('2026-01-15', 3)`;
  const odd = fc.sample(fc.tuple(text, text, fc.dictionary(text, text)), { seed, numRuns: 60 });
  for (const [at, [name, email, metadata]] of odd.entries())
    await sql`
      insert into subctl.customers (id, name, email, metadata, created_at)
      values (${`odd-${at}`}, ${name}, ${email}, ${sql.json(metadata)}, clock_timestamp())`;
  await sql`update subctl.usage_events set metadata = '{"a": "b\\n\\t"}' where customer_id = 'c3'`;
}

const full = await newest.create();
await fill(full.sql, 20_261_130);
/** what doctor says of it: it was made without audit */
const { books } = await examineWhole(full.sql, () => undefined);
const code = books.length > 0 ? 4 : 0;

describe('backup and restore are the identity', () => {
  test('subctl db backup and subctl db restore: every row, sequence and definition is there again', async () => {
    const file = newFile();
    const made = await subctl(['db', 'backup', file, '--method', 'copy', '--json'], { env: full.env });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(JSON.parse(made.stdout)).toMatchObject({ file, method: 'copy', key: null });
    const { url, sql, env } = await newest.create();
    const done = await subctl(['db', 'restore', file, '--into', url, '--json'], { env });
    expect(done.code, done.stderr + done.stdout).toBe(code);
    expect(JSON.parse(done.stdout)).toMatchObject({ method: 'copy', books, missing: [] });
    expect(await wholeDatabase(sql)).toEqual(await wholeDatabase(full.sql));
  });

  test('what is backed up is one instant, whatever is written meanwhile', async () => {
    const file = newFile();
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n += 1)
        await full.sql`select subctl.record_usage(customer => ${`c${(n % 100) + 1}`}, kind => 'message', as_of => '2026-01-29T00:00Z', cost => 0)`;
    })();
    const made = await subctl(['db', 'backup', file, '--method', 'copy'], { env: full.env });
    isOver = true;
    await writing;
    expect(made.code, made.stderr).toBe(0);
    const { url, env } = await newest.create();
    const done = await subctl(['db', 'restore', file, '--into', url, '--json'], { env });
    expect([done.code, (JSON.parse(done.stdout) as { books: string[] }).books]).toEqual([code, books]);
  });

  test('privileges come again for roles that there are, and the others are named', async () => {
    await full.sql`grant select on subctl.plans to pg_monitor`;
    await full.sql`create role subctl_backup_gone`;
    await full.sql`grant usage on schema subctl to subctl_backup_gone`;
    const file = newFile();
    await subctl(['db', 'backup', file, '--method', 'copy'], { env: full.env });
    await full.sql`revoke usage on schema subctl from subctl_backup_gone`;
    await full.sql`drop role subctl_backup_gone`;
    const { url, sql, env } = await newest.create();
    const done = await subctl(['db', 'restore', file, '--into', url, '--no-doctor'], { env });
    expect([done.code, done.stderr]).toEqual([
      0,
      'The server has no role subctl_backup_gone: their privileges were not restored\n' +
        'subctl setup creates the roles of subctl with their privileges. Give them to accounts with: subctl roles grant\n',
    ]);
    const [row] = await sql<
      { may: boolean }[]
    >`select has_table_privilege('pg_monitor', 'subctl.plans', 'select') as may`;
    expect(row!.may).toBe(true);
    await full.sql`revoke select on subctl.plans from pg_monitor`;
  });

  test('an archive with functions of another build is brought up to date', async () => {
    const [row] = await full.sql<{ checksum: string }[]>`
      select checksum from subctl.migrations where name = 'engine/record_usage'`;
    await full.sql`update subctl.migrations set checksum = 'other' where name = 'engine/record_usage'`;
    const file = newFile();
    expect((await subctl(['db', 'backup', file, '--method', 'copy'], { env: full.env })).code).toBe(0);
    await full.sql`update subctl.migrations set checksum = ${row!.checksum} where name = 'engine/record_usage'`;
    const { url, sql, env } = await newest.create();
    const done = await subctl(['db', 'restore', file, '--into', url, '--no-doctor'], { env });
    expect(done.stderr).toMatch(/^Upgraded: 0 migrations, \d+ functions and views\n$/);
    const { definitions } = await wholeDatabase(sql);
    expect(definitions).toEqual((await wholeDatabase(full.sql)).definitions);
  });
});

describe.skipIf(!oldest)('between PostgreSQL 15 and 18', () => {
  test.each([
    ['copy', '18 to 15 and back', ''],
    ['pg_dump', '15 to 18', 'sealed'],
  ] as const)('an archive by %s goes from %s', async (method, _, sealed) => {
    const newer = newFile();
    expect((await subctl(['db', 'backup', newer, '--method', 'copy'], { env: full.env })).code).toBe(0);
    const second = await oldest!.create();
    const into = ['db', 'restore', newer, '--no-doctor', '--into', second.url];
    expect((await subctl(into, { env: second.env })).code).toBe(0);
    expect((await wholeDatabase(second.sql)).rows).toEqual((await wholeDatabase(full.sql)).rows);

    const file = newFile();
    const keyFile = path.join(folder, 'key');
    writeFileSync(keyFile, 'a'.repeat(64), { mode: 0o600 });
    const key = sealed ? ['--key-file', keyFile] : [];
    const made = await subctl(['db', 'backup', file, '--method', method, '--json', ...key], {
      env: second.env,
    });
    expect(made.code, made.stderr).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ method });
    const checked = await subctl(['db', 'verify', file, '--json', ...key], { env: {} });
    expect(JSON.parse(checked.stdout)).toMatchObject({ method, encrypted: sealed !== '' });
    const third = await newest.create();
    const back = await subctl(['db', 'restore', file, '--into', third.url, '--json', ...key], {
      env: third.env,
    });
    expect(back.code, back.stderr).toBe(code);
    expect(JSON.parse(back.stdout)).toMatchObject({ books });
    const [there, here] = [await wholeDatabase(third.sql), await wholeDatabase(full.sql)];
    expect([there.rows, there.sequences]).toEqual([here.rows, here.sequences]);
    // servers of two versions write expressions with other parentheses, in views too, of which there is a digest
    const names = (lines: string[]) =>
      lines.map((line) => line.replace(/\(.*|WHERE.*/, '').replace(/^(view \w+) [0-9a-f]{32}$/, '$1'));
    expect(names(there.definitions)).toEqual(names(here.definitions));
  });
});
