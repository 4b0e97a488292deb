import { beforeAll, expect, it } from 'vitest';
import { readRules } from '../../src/integrity/run-checks.ts';
import { textOf } from '../house/sources.ts';
import { testDatabase } from '../support/database.ts';
import { selectViews, views } from './plain-select.ts';
import { buildTown } from './town.ts';

const { sql } = await testDatabase();
beforeAll(() => buildTown(sql), 60_000);

it('R45 the views of a healthy database are empty to a plain select', async () => {
  expect(await selectViews(sql)).toEqual({});
});

it('each check has its view, with its four columns, and no other view looks like a check', async () => {
  const rows = await sql<{ view: string; columns: string }[]>`
    select table_schema || '.' || table_name as view,
           string_agg(column_name, ', ' order by ordinal_position) as columns
      from information_schema.columns
     where table_schema like 'subctl%' and table_name like 'integrity\\_%' group by 1`;
  const columns = 'customer_id, subject, expected, found';
  expect(Object.fromEntries(rows.map((row) => [row.view, row.columns]))).toEqual(
    Object.fromEntries(views.map((view) => [view, columns])),
  );
});

it('the documentation lists each check with the rule that the comment in the database says', async () => {
  const listed = [
    ...textOf('docs/operations/integrity.md').matchAll(/^\| ([^|]+) \| ([^|]+) \| (R[^|]+) \|/gm),
  ];
  expect(new Map(listed.map(([, name, sentence, numbers]) => [name, `${numbers}: ${sentence}`]))).toEqual(
    await readRules(sql),
  );
});
