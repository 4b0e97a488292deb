import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/config/package-root.ts';
import { readBundledSql } from '../../src/database/bundled-sql.ts';
import type { Connection } from '../../src/database/connect.ts';
import { inOrderOfUse } from '../../src/database/function-order.ts';
import { migrate } from '../../src/database/migrate.ts';
import { withoutOwnSession } from '../../src/database/own-session.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { temporaryFolder } from '../support/test-server.ts';

const drizzle = path.join(packageRoot(), 'drizzle');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A copy of drizzle/ that can be changed. */
function copyOfProgram(): string {
  const folder = temporaryFolder('subctl-upgrade-');
  folders.push(folder);
  cpSync(drizzle, folder, { recursive: true });
  return folder;
}

/** A build of before there were functions: the first migration alone. */
function withoutFunctions(): string {
  const folder = copyOfProgram();
  rmSync(path.join(folder, 'engine'), { recursive: true });
  mkdirSync(path.join(folder, 'engine'));
  return folder;
}

/** A build whose functions are older: another text, another signature, a view with fewer columns, and a function that is gone by now. */
function withOlderFunctions(): string {
  const folder = copyOfProgram();
  const { functions } = readBundledSql(folder);
  const edit = (name: string, change: (text: string) => string) => {
    const file = path.join(folder, `${functions.find((one) => one.name === name)!.path}.sql`);
    const text = readFileSync(file, 'utf8');
    expect(change(text), name).not.toBe(text);
    writeFileSync(file, change(text));
  };
  edit('record_plain_use', (text) => text.replace('begin\n', 'begin\n  -- as it was\n'));
  edit('currency_scale', () => olderScale);
  edit('own_alerts', (text) => text.replace('t.threshold, ', ''));
  writeFileSync(
    path.join(folder, 'engine/gone_by_now.sql'),
    'create or replace function subctl.gone_by_now() returns integer language sql as $$ select 1 $$;\n',
  );
  return folder;
}

const olderScale = `create or replace function subctl_internal.currency_scale(p_code text) returns int language sql immutable
as $$ select 2 $$;
`;

/** Sets a database up as builds did before there was a schema subctl_internal: all functions are in subctl. */
async function setUpInOneSchema(sql: Connection): Promise<void> {
  await migrate(sql, { folder: withoutFunctions(), program: '0.0.1' });
  const { functions } = readBundledSql(drizzle);
  const texts = inOrderOfUse(functions).map(({ text }) => text.replaceAll('subctl_internal.', 'subctl.'));
  for (const text of ['drop schema subctl_internal', ...texts]) await sql.unsafe(text);
  await sql`
    insert into subctl.migrations (name, checksum, applied_at)
    select 'engine/' || name, 'of one schema', now() from unnest(${functions.map(({ name }) => name)}::text[]) name`;
}

/** Rows as people of that time had them: customers with subscriptions, uses, credits and invoices, in the columns that there were. */
const data = [
  `insert into subctl.plans (id, name, current_version, created_at) values ('old', 'Old', 1, '2026-01-01')`,
  `insert into subctl.plan_versions (plan_id, version, created_at) values ('old', 1, '2026-01-01')`,
  `insert into subctl.customers (id, created_at) select 'c' || n, '2026-01-01' from generate_series(1, 50) n`,
  `insert into subctl.credit_grants (customer_id, id, source, source_key, amount, remaining, priority, granted_at)
   select 'c' || n, gen_random_uuid(), 'bonus', 'g', 10, 10, 1, '2026-01-02' from generate_series(1, 50) n`,
  `insert into subctl.credit_entries (customer_id, id, grant_id, at, kind, amount, balance_after)
   select g.customer_id, 1, g.id, '2026-01-02', 'grant', 10, 10 from subctl.credit_grants g`,
  `create table if not exists subctl.usage_events_2026_01 partition of subctl.usage_events for values from ('2026-01-01') to ('2026-02-01')`,
  `insert into subctl.usage_events (customer_id, at, id, recorded_at, kind, quantity, tier)
   select 'c' || n, '2026-01-03', gen_random_uuid(), '2026-01-03', 'image', 1, 'paid' from generate_series(1, 50) n`,
  `insert into subctl.invoices (customer_id, id, number, source_key, status, currency, total, issued_at)
   select 'c' || n, gen_random_uuid(), 'N' || n, 's', 'open', 'EUR', 12, '2026-01-03' from generate_series(1, 50) n`,
];

describe('a database of an earlier build', () => {
  test.each([
    ['without functions', withoutFunctions],
    ['with other functions and views', withOlderFunctions],
  ])('%s comes to the present one with all of its rows', async (_, earlier) => {
    const { sql, env } = await testDatabase({ empty: true });
    await migrate(sql, { folder: earlier(), program: '0.0.1' });
    for (const statement of data) await withoutOwnSession(sql).unsafe(statement);
    const before = await counts(sql);
    const done = await subctl(['setup'], { env });
    expect(done.code, done.stderr).toBe(0);
    expect(await counts(sql)).toEqual(before);
    expect(await definitions(sql)).toEqual(await definitions((await testDatabase()).sql));
    const [use] = await sql`select subctl.record_usage_json('c1', 'image') as a`;
    expect(use!['a']).toMatchObject({ allowed: false, reason: 'no_subscription' });
    expect((await subctl(['setup', '--json'], { env })).stdout).toContain('"changed": false');
  });

  test('of an earlier schema comes to the next one, rows filled in by the migration, views made again over it', async () => {
    const { sql } = await testDatabase({ empty: true });
    await migrate(sql, { folder: drizzle, program: '0.1.0' });
    for (const statement of data) await withoutOwnSession(sql).unsafe(statement);
    const before = await counts(sql);
    const done = await migrate(sql, { folder: withNextMigration(), program: '9.0.0' });
    expect(done.applied).toEqual(['0001_names']);
    expect(await counts(sql)).toEqual(before);
    expect(
      await sql`select count(*)::int as n from subctl.customers where label = 'label of ' || id`,
    ).toEqual([{ n: 50 }]);
    expect(await definitions(sql)).toEqual(await definitions((await testDatabase()).sql));
    const [use] = await sql`select subctl.record_usage_json('c1', 'image') as a`;
    expect(use!['a']).toMatchObject({ allowed: false, reason: 'no_subscription' });
  });
});

describe('a database of a build that had all functions in schema subctl', () => {
  test('keeps there only what applications may name; triggers, rights and rows stay', async () => {
    const { sql, env } = await testDatabase({ empty: true });
    await setUpInOneSchema(sql);
    const run = withoutOwnSession(sql);
    for (const statement of data) await run.unsafe(statement);
    for (const statement of [
      `select subctl_internal.seal_usage_month('2026-01-01')`,
      'revoke execute on function subctl_internal.iso from public',
      'grant execute on function subctl_internal.iso to pg_monitor',
    ])
      await run.unsafe(statement.replace('subctl_internal', 'subctl'));
    const before = await counts(sql);
    const done = await subctl(['setup'], { env });
    expect(done.code, done.stderr).toBe(0);
    expect(await counts(sql)).toEqual(before);
    expect(await definitions(sql)).toEqual(await definitions((await testDatabase()).sql));
    const [found] = await sql<[{ trigger: string; may: boolean; all: boolean }]>`
      select (select tgfoid::regprocedure::text from pg_trigger where tgname = 'mark_late_uses') as trigger,
             has_function_privilege('pg_monitor', 'subctl_internal.iso(timestamptz)', 'execute') as may,
             has_function_privilege('public', 'subctl_internal.iso(timestamptz)', 'execute') as all`;
    expect(found).toEqual({ trigger: 'subctl_internal.mark_late_use()', may: true, all: false });
    expect((await subctl(['setup', '--json'], { env })).stdout).toContain('"changed": false');
  });
});

/** A next schema: a column that is filled from others, and another type for one that views read. */
function withNextMigration(): string {
  const folder = copyOfProgram();
  const statements = [
    'alter table subctl.customers add column label text',
    "update subctl.customers set label = 'label of ' || id",
    'alter table subctl.customers alter column label set not null',
    'alter table subctl.alerts alter column threshold type numeric(20, 10)',
  ];
  writeFileSync(path.join(folder, '0001_names.sql'), statements.join(';\n--> statement-breakpoint\n'));
  return folder;
}

/** What each function and view of the engine is, as PostgreSQL has it. */
async function definitions(sql: Connection): Promise<Record<string, string>> {
  const rows = await sql<{ name: string; text: string }[]>`
    select oid::regprocedure::text as name, pg_get_functiondef(oid) as text
      from pg_proc where pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace)
    union all select oid::regclass::text, pg_get_viewdef(oid)
      from pg_class where relnamespace = 'subctl'::regnamespace and relkind = 'v'`;
  return Object.fromEntries(rows.map(({ name, text }) => [name, text]));
}

const tables = ['customers', 'credit_grants', 'credit_entries', 'usage_events', 'invoices', 'plans'];

async function counts(sql: Connection): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const table of tables)
    rows[table] = (await sql.unsafe<[{ n: number }]>(`select count(*)::int as n from subctl.${table}`))[0].n;
  return rows;
}
