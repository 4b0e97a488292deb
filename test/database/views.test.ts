import { type Column, is } from 'drizzle-orm';
import { PgView, getViewConfig } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import * as schema from '../../src/database/schema/views.ts';
import { filesIn, textOf } from '../house/sources.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
const views = Object.values(schema);

it.each(views.map((view) => [getViewConfig(view).name, view] as const))(
  '%s has the columns of the catalogue, in their order and with their types',
  async (name, view) => {
    const columns = await sql<{ name: string; type: string }[]>`
      select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
       where attrelid = ${`subctl.${name}`}::regclass and attnum > 0 and not attisdropped order by attnum`;
    const typed = Object.values(getViewConfig(view).selectedFields) as Column[];
    expect(typed.map((column) => ({ name: column.name, type: typeOf(column) }))).toEqual([...columns]);
  },
);

/** As PostgreSQL names it. */
const typeOf = (column: Column) => column.getSQLType().replace(/^varchar/, 'character varying');

it('they are the views that src selects from', async () => {
  const all = await sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'v' and relnamespace = 'subctl'::regnamespace`;
  const used = filesIn('src', '.ts').flatMap((file) =>
    [...textOf(file).matchAll(/\b(?:from|join|using) subctl\.(\w+)\b(?!\()/g)].map(([, name]) => name),
  );
  expect(views.every((view) => is(view, PgView))).toBe(true);
  expect(views.map((view) => getViewConfig(view).name).sort()).toEqual(
    all
      .map(({ name }) => name)
      .filter((name) => used.includes(name))
      .sort(),
  );
});
