import { expect, it } from 'vitest';
import { copyRows } from '../../src/database/copy-rows.ts';
import type { Db } from '../../src/database/connect.ts';
import { inSavepoint } from '../../src/database/savepoint.ts';
import { sqlStateOf } from '../../src/database/server-error.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
await sql`create table public.copied (id text primary key, note text)`;

interface Row {
  id: string;
  note: string | null;
}
const copy = (tx: Db, rows: readonly Row[]) =>
  copyRows<Row>(tx, {
    table: 'public.copied',
    columns: [
      { name: 'id', read: ({ id }) => id },
      { name: 'note', read: ({ note }) => note },
    ],
    rows,
  });
const inside = (work: (tx: Db) => Promise<void>) => inTransaction(sql, work);

it('every sign arrives as it was, and null as null', async () => {
  const notes = [
    '',
    ' ',
    '\\',
    '\\N',
    '\\.',
    'a\tb',
    'a\nb',
    'a\r\nb',
    '\b\f\v\u0001',
    'ü💡\u2028',
    '"a",\'b\'',
  ];
  const rows = [...notes.map((note, n) => ({ id: `s${n}`, note })), { id: 'none', note: null }];
  await inside((tx) => copy(tx, rows));
  expect(await sql`select id, note from public.copied order by length(id), id`).toEqual(
    rows.toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1)),
  );
});

it.each([
  ['at once', 3],
  ['while rows are still sent', 200_000],
])('a row that is there already fails %s, and the transaction can go on', async (_, many) => {
  await sql`truncate public.copied`;
  const rows = Array.from({ length: many }, (__, n) => ({ id: `r${n % (many - 1)}`, note: null }));
  await inside(async (tx) => {
    const refused = await inSavepoint(tx, (inner) => copy(inner, rows)).catch(sqlStateOf);
    expect(refused).toBe('23505');
    await copy(tx, [{ id: 'after', note: 'x' }]);
  });
  expect(await sql`select id from public.copied`).toEqual([{ id: 'after' }]);
});

it('a connection that is lost meanwhile is a failure, and the next transaction has another one', async () => {
  await sql`create function public.end_session() returns trigger language plpgsql as
    'begin perform pg_terminate_backend(pg_backend_pid()); return new; end'`;
  await sql`create trigger ended after insert on public.copied for each statement execute function public.end_session()`;
  const lost = await inside((tx) => copy(tx, [{ id: 'lost', note: null }])).catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(Error);
  await sql`drop trigger ended on public.copied`;
  await inside((tx) => copy(tx, [{ id: 'next', note: null }]));
  expect(await sql`select id from public.copied where id in ('lost', 'next')`).toEqual([{ id: 'next' }]);
});
