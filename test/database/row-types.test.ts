import { type Column, is } from 'drizzle-orm';
import { PgArray, PgTable, getTableConfig } from 'drizzle-orm/pg-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { orm } from '../../src/database/orm.ts';
import { testDatabase } from '../support/database.ts';
import { schemaTables } from './schema-tables.ts';

const { sql } = await testDatabase();
const tables = await schemaTables();

/** A value of each type that a column has, as text. */
const samples: Record<string, string> = {
  ...{ text: 'a', varchar: 'a', bpchar: 'a', uuid: '0190b0a0-0000-7000-8000-000000000000', bool: 'true' },
  ...{
    int2: '1',
    int4: '1',
    int8: '1',
    numeric: '1.50',
    float8: '1.5',
    date: '2026-03-29',
    interval: '1 day',
  },
  ...{ timestamptz: '2026-03-29 01:30:00+00', jsonb: '{"a":1}', json: '{"a":1}', bytea: '\\x01' },
};

/** What the types of `columns.ts` are in JavaScript. */
const isOfOurs: Record<string, (value: unknown) => boolean> = {
  bigint: (value) => typeof value === 'string',
  'timestamp with time zone': (value) => value instanceof Date,
};

/** What the inferred type of a column of drizzle's `dataType` is in JavaScript. */
const isOf: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  json: (value) => typeof value === 'object',
  buffer: (value) => Buffer.isBuffer(value),
};

/** The tables again without their constraints and triggers, so that each takes a row of samples. */
beforeAll(async () => {
  await sql`create schema bare`;
  for (const table of tables) {
    const { name } = getTableConfig(table);
    await sql.unsafe(`create table bare.${name} (like subctl.${name})`);
    const columns = await sql<{ name: string; type: string; generated: boolean }[]>`
      select quote_ident(a.attname) as name, t.typname as type, a.attgenerated <> '' as generated
        from pg_attribute a join pg_type t on t.oid = a.atttypid
       where a.attrelid = ${`bare.${name}`}::regclass and a.attnum > 0 and not a.attisdropped`;
    const values = columns.map(({ type }) => {
      const isArray = type.startsWith('_');
      const sample = samples[isArray ? type.slice(1) : type];
      if (sample === undefined) throw new Error(`${name} has a column of type ${type}: give a sample of it`);
      return isArray ? `array['${sample}']::${type}` : `'${sample}'::${type}`;
    });
    await sql.unsafe(
      `insert into bare.${name} (${columns.map((column) => column.name).join(', ')}) values (${values.join(', ')})`,
    );
  }
  await sql`alter schema subctl rename to replaced`;
  await sql`alter schema bare rename to subctl`;
});

describe('a row that the builder selects is what its inferred type says', () => {
  test.each(tables.map((table) => [getTableConfig(table).name, table] as const))('%s', async (_, table) => {
    const [row] = (await orm(sql).select().from(table)) as Record<string, unknown>[];
    const columns = Object.entries(table).filter((entry): entry is [string, Column] => isColumn(entry[1]));
    expect(columns.length).toBeGreaterThan(0);
    const wrong = columns.filter(([key, column]) => !isAsTyped(column, row?.[key]));
    expect(
      wrong.map(([key, column]) => `${key}: ${column.dataType} is ${describeValue(row?.[key])}`),
    ).toEqual([]);
  });

  test.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
    '%s by SQL',
    async (name, table) => {
      const [row] = await sql.unsafe<Record<string, unknown>[]>(`select * from subctl.${name}`);
      const { columns } = getTableConfig(table);
      expect(columns.map((column) => column.name).sort()).toEqual(Object.keys(row!).sort());
      const wrong = columns.filter((column) => !isAsTyped(column, row![column.name]) && !isIdentity(column));
      expect(
        wrong.map((column) => `${column.name}: ${column.dataType} is ${describeValue(row![column.name])}`),
      ).toEqual([]);
    },
  );

  test('the tables are those of the schema', () => {
    expect(tables.every((table) => is(table, PgTable))).toBe(true);
    expect(tables.length).toBeGreaterThan(50);
  });
});

/** Whole numbers of the database's own counting, which nothing reads. */
const isIdentity = (column: Column) => column.generatedIdentity !== undefined;

const isColumn = (value: unknown): value is Column =>
  typeof value === 'object' && value !== null && 'dataType' in value;

function isAsTyped(column: Column, value: unknown): boolean {
  if (is(column, PgArray))
    return Array.isArray(value) && value.every((item) => isAsTyped(column.baseColumn, item));
  const isTyped = column.dataType === 'custom' ? isOfOurs[column.getSQLType()] : isOf[column.dataType];
  return isTyped?.(value) === true;
}

const describeValue = (value: unknown) =>
  value instanceof Date ? 'a Date' : `${typeof value} ${String(value)}`;
