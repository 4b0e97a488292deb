import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase({ empty: true });

let folder: string;

/** Writes files of a small drizzle folder: `write({ '0001_more': '…', 'engine/price': '…' })`; an empty text takes the file away. */
function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    if (text) writeFileSync(join(folder, `${name}.sql`), text);
    else rmSync(join(folder, `${name}.sql`));
  }
}

const settings =
  'create table subctl.settings (key text primary key, value jsonb not null, updated_at timestamptz)';
const fn = (signature: string, body: string, language = 'sql') =>
  `create or replace function subctl.${signature} language ${language} as $$ ${body} $$`;

beforeEach(async () => {
  await sql`drop schema if exists subctl cascade`;
  folder = mkdtempSync(join(tmpdir(), 'subctl-migrate-'));
  mkdirSync(join(folder, 'engine'));
  write({
    '0000_first': `${settings};\n--> statement-breakpoint\ncreate table subctl.things (id int primary key, price int);`,
    'engine/double': fn('double(a int) returns int', 'select a * 2'),
    'engine/dear':
      'create or replace view subctl.dear as select id, subctl.double(price) as price from subctl.things',
  });
});

afterEach(() => rmSync(folder, { recursive: true }));

const run = (program = '0.1.0') => migrate(sql, { folder, program });
const refused = async (program?: string) => refusalOf(await run(program).catch((error: unknown) => error));
const one = async (question: string) => Object.values((await sql.unsafe(question))[0] ?? {})[0];

test('an empty database gets the migrations in order and then the functions, each after what it uses', async () => {
  write({ '0001_more': `insert into subctl.things values (1, 21)` });
  expect(await run()).toEqual({ applied: ['0000_first', '0001_more'], functions: ['double', 'dear'] });
  expect(await one('select price from subctl.dear')).toBe(42);
});

test('a second run changes nothing', async () => {
  await run();
  const before = await sql`select name, checksum, applied_at from subctl.migrations order by name`;
  expect(await run()).toEqual({ applied: [], functions: [] });
  expect(await sql`select name, checksum, applied_at from subctl.migrations order by name`).toEqual(before);
});

test('of two at once one does it and the other finds it done', async () => {
  const runs = await Promise.all([run(), run(), run()]);
  expect(runs.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 1]);
});

test('only what is new is applied', async () => {
  await run();
  write({ '0001_more': 'alter table subctl.things add column name text' });
  expect(await run()).toEqual({ applied: ['0001_more'], functions: [] });
});

test('what a trigger calls is replaced under it, even where the signature of another function changes', async () => {
  const price = (cents: number) =>
    `create or replace function subctl.set_price() returns trigger language plpgsql as $$
       begin new.price := ${cents}; return new; end $$;
     create or replace trigger set_price before insert on subctl.things
       for each row execute function subctl.set_price();`;
  write({ 'engine/set_price': price(1) });
  await run();
  write({
    'engine/set_price': price(2),
    'engine/double': fn('double(a int, b int default 0) returns int', 'select a * 2 + b'),
  });
  expect((await run()).functions).toEqual(['double', 'set_price']);
  await sql`insert into subctl.things (id) values (1)`;
  expect(await one('select price from subctl.dear')).toBe(4);
});

test('a migration that fails undoes everything, and is named', async () => {
  write({ '0001_wrong': 'create table subctl.more (id int);\n--> statement-breakpoint\nselect nonsense' });
  await expect(run()).rejects.toThrow(/0001_wrong\.sql, statement 2: .*nonsense/);
  expect(await one(`select to_regnamespace('subctl')`)).toBeNull();
});

test('an applied migration that was edited is refused, and other line ends are no edit', async () => {
  await run();
  write({
    '0000_first': `${settings};\r\n--> statement-breakpoint\r\ncreate table subctl.things (id int primary key, price int);`,
  });
  expect(await run()).toEqual({ applied: [], functions: [] });
  write({ '0000_first': `${settings}; create table subctl.things (id int)` });
  expect(await refused()).toMatchObject({
    kind: 'config',
    message: expect.stringMatching(/0000_first.*another text/),
  });
});

test('an applied migration that the program does not have is refused', async () => {
  await run();
  write({ '0000_first': '', '0000_other': settings });
  expect(await refused()).toMatchObject({
    kind: 'config',
    message: expect.stringMatching(/0000_first.*not known/),
  });
});

test('a database that a newer program has migrated is refused, and the version to install is named', async () => {
  write({ '0001_more': 'select 1' });
  await run('0.3.0');
  write({ '0001_more': '' });
  expect(await refused('0.2.0')).toMatchObject({
    kind: 'config',
    message: 'This program knows schema 1, the database is at 2',
    hint: 'install subctl 0.3.0 or later',
  });
});

test('an older program does not put its own functions over newer ones', async () => {
  await run('0.3.0');
  write({ 'engine/double': fn('double(a int) returns int', 'select a + a') });
  expect(await refused('0.2.0')).toMatchObject({ kind: 'config', hint: 'install subctl 0.3.0 or later' });
  expect((await run('0.3.1')).functions).toEqual(['double']);
});

test('a function whose text changed is applied again, alone', async () => {
  await run();
  await sql`insert into subctl.things values (1, 5)`;
  write({ 'engine/double': fn('double(a int) returns int', 'select a * 2 + 1') });
  expect(await run()).toEqual({ applied: [], functions: ['double'] });
  expect(await one('select price from subctl.dear')).toBe(11);
});

test('a function with another return type or parameter name replaces the old one, with the views that use it', async () => {
  await run();
  await sql`insert into subctl.things values (1, 5)`;
  write({ 'engine/double': fn('double(b int) returns numeric', 'select b * 2.5') });
  expect((await run()).functions).toEqual(['double']);
  expect(await one('select price from subctl.dear')).toBe('12.5');
});

test('a function with other parameters leaves no second one of its name behind', async () => {
  write({ 'engine/half': fn('half(a int) returns int', 'select a / 2') });
  await run();
  write({ 'engine/half': fn('half(a int, b int) returns int', 'select (a + b) / 2') });
  expect((await run()).functions).toEqual(['half']);
  expect(
    await one(
      `select count(*)::int from pg_proc where proname = 'half' and pronamespace = 'subctl'::regnamespace`,
    ),
  ).toBe(1);
});

test('a view may become a function and lose columns', async () => {
  await run();
  write({ 'engine/dear': 'create or replace view subctl.dear as select 1 as id' });
  expect((await run()).functions).toEqual(['dear']);
  write({ 'engine/dear': fn('dear() returns int', 'select 7') });
  expect((await run()).functions).toEqual(['dear']);
  expect(await one('select subctl.dear()')).toBe(7);
});

test('a function whose file is gone is dropped, and so is its row', async () => {
  await run();
  write({ 'engine/dear': '', 'engine/double': '' });
  expect(await run()).toEqual({ applied: [], functions: ['dear', 'double'] });
  expect(await one(`select to_regproc('subctl.double')`)).toBeNull();
  expect(await run()).toEqual({ applied: [], functions: [] });
});

test('a view does not stand in the way of a migration that changes its column: it is made again', async () => {
  await run();
  await sql`grant select on subctl.dear to public`;
  write({ '0001_exact': 'alter table subctl.things alter column id type bigint' });
  expect(await run()).toEqual({ applied: ['0001_exact'], functions: ['dear'] });
  expect(await one(`select pg_typeof(max(id))::text from subctl.dear`)).toBe('bigint');
  expect(await one(`select relacl::text ~ '[{,]=r' from pg_class where oid = 'subctl.dear'::regclass`)).toBe(
    true,
  );
});

test('who might use a function or view still may after it was made again, and nobody else', async () => {
  const role = `reader_${process.pid}`;
  await run();
  await sql.unsafe(`create role ${role}`);
  try {
    await sql.unsafe(`revoke execute on function subctl.double from public; grant execute on function subctl.double to ${role};
      grant select on subctl.dear to ${role}`);
    write({ 'engine/double': fn('double(a int) returns numeric', 'select a * 2.0') });
    await run();
    const rights = `has_function_privilege('${role}', 'subctl.double(int)', 'execute') and has_table_privilege('${role}', 'subctl.dear', 'select')`;
    expect(await one(`select ${rights}`)).toBe(true);
    expect(
      await one(
        `select proacl::text ~ '[{,]=X' from pg_proc where proname = 'double' and pronamespace = 'subctl'::regnamespace`,
      ),
    ).toBe(false);
  } finally {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  }
});

test("an application's own view is never dropped: the update is refused and says which", async () => {
  await run();
  await sql`create view public.report as select * from subctl.dear`;
  try {
    write({ 'engine/double': fn('double(a int) returns numeric', 'select a * 2.0') });
    expect(await refused()).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/view (public\.)?report depends on view (subctl\.)?dear/),
    });
    expect(await one('select count(*)::int from public.report')).toBe(0);
  } finally {
    await sql`drop view public.report`;
  }
});
