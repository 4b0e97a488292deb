import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { importColumns, importCustomers } from '../../src/customers/import.ts';
import { type Rejection } from '../../src/customers/import-batch.ts';
import { readQuery } from '../../src/customers/read-query.ts';
import { type TableRow, readCsvPages } from '../../src/files/read-csv.ts';
import { assignImported } from '../../src/subscriptions/assign-imported.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';

const { sql } = await testDatabase();
beforeAll(() => loadLadder(sql));

const now = new Date('2026-01-10T00:00:00Z');

async function take(pages: AsyncIterable<TableRow[]>, update = false) {
  const rejected: Rejection[] = [];
  const done = await asTester(
    sql,
    (tx, change) =>
      importCustomers(tx, change, {
        ...{ pages, update, onProgress: () => undefined },
        assign: (plans) => assignImported(tx, change, plans),
        onReject: async (row) => void rejected.push(row),
      }),
    now,
  );
  return { ...done, reasons: rejected.map(({ line, reason }) => `${line}: ${reason}`) };
}
const csv = (text: string | Buffer) => readCsvPages(Readable.from([text]), importColumns);
const query = (text: string) => readQuery(sql, text, importColumns);

describe('from a file', () => {
  it('ten thousand rows come in as one row each that is their audit too, and a second time nothing happens', async () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, at) => `n${at},n${at}@example.org,${at % 3 ? 'Europe/Berlin' : ''}`,
    );
    const text = `id,email,timezone\n${lines.join('\n')}\n`;
    expect(await take(csv(text))).toMatchObject({ read: 10_000, added: 10_000, unchanged: 0, rejected: 0 });
    expect(await take(csv(text))).toMatchObject({ read: 10_000, added: 0, unchanged: 10_000 });
    const [counts] = await sql`
      select (select count(*)::int from subctl.customers where id ~ '^n\\d') as customers, (select count(*)::int from subctl.customer_zones) as zones,
             (select count(*)::int from subctl.customer_windows) as states,
             (select count(*)::int from subctl.audit_log) as log_rows,
             (select count(*)::int from subctl.audit_trail where entity = 'customer' and after->>'id' = customer_id) as audited,
             (select count(*)::int from subctl.audit_trail where after::text like '%example.org%') as addresses`;
    expect(counts).toEqual({
      customers: 10_000,
      zones: 0,
      states: 0,
      log_rows: 0,
      audited: 10_000,
      addresses: 0,
    });
  });

  it('a bad row is rejected with its line and reason, and the others go on', async () => {
    const text = [
      'id,kind,timezone,currency,metadata,email',
      'g1,group,europe/berlin,eur,"{""a"":1}",',
      'ann@example.org,,,,,',
      'b2,robot,,,,',
      'b3,,+02:00,,,',
      'b4,,,EURO,,',
      'b5,,,,[1],',
      'b6,,,,,nobody',
      ',,,,,',
      'b7,,,',
      'b8,user,UTC,USD,,b8@example.org',
    ].join('\r\n');
    const done = await take(csv(`\ufeff${text}`));
    expect(done).toMatchObject({ read: 10, added: 2, rejected: 8 });
    expect(done.reasons).toEqual([
      expect.stringMatching(/^3: The id 'ann@example.org' looks like an email address/),
      expect.stringMatching(/^4: The kind 'robot'/),
      expect.stringMatching(/^5: The time zone '\+02:00' is a fixed offset/),
      expect.stringMatching(/^6: The currency 'EURO'/),
      expect.stringMatching(/^7: The metadata '\[1\]'/),
      expect.stringMatching(/^8: The email 'nobody'/),
      "9: The id '' is empty",
      '10: the row has 4 cells and the first line 6',
    ]);
    const rows =
      await sql`select kind, timezone, currency, metadata, email from subctl.customers where id = 'g1'`;
    expect(rows).toEqual([
      { kind: 'group', timezone: 'Europe/Berlin', currency: 'EUR', metadata: { a: 1 }, email: null },
    ]);
  });

  it('--update overwrites what the file has a column for, says how many, and never the kind', async () => {
    await addOne(sql, { id: 'u1', name: 'Old', email: 'old@example.org', timezone: 'UTC' });
    await addOne(sql, { id: 'u2', name: 'Same', kind: 'group' });
    const done = await take(
      csv('id,kind,name,timezone\nu1,,New,Asia/Tokyo\nu2,group,Same,\nu3,,Three,\nu2,user,Same,'),
      true,
    );
    expect(done).toMatchObject({ added: 1, updated: 1, unchanged: 1, rejected: 1 });
    expect(done.reasons).toEqual(['5: u2 is already a group, and a kind cannot change']);
    const [u1] = await sql`
      select c.name, c.email, c.timezone, c.made_by, s.epoch,
             (select array_agg(z.timezone order by z.from_at) from subctl.customer_zones z where z.customer_id = c.id) as zones
        from subctl.customers c join subctl.customer_windows s on s.customer_id = c.id where c.id = 'u1'`;
    expect(u1).toEqual({
      name: 'New',
      email: 'old@example.org',
      timezone: 'Asia/Tokyo',
      made_by: null,
      epoch: -1,
      zones: ['UTC', 'Asia/Tokyo'],
    });
  });

  it('a mended file of rejects is taken as it is', async () => {
    const done = await take(csv('id,email,line,reason\nr1,r1@example.org,7,it was wrong'));
    expect(done).toMatchObject({ added: 1, rejected: 0 });
  });

  it('a plan column assigns, and a plan that there is not rejects only its row', async () => {
    const done = await take(csv('id,plan\np1,pro\np2,free\np3,nix\np4,'));
    expect(done).toMatchObject({
      added: 4,
      assigned: 2,
      rejected: 1,
      reasons: ["4: There is no plan 'nix'"],
    });
    const rows = await sql`select customer_id as c, plan_id as p from subctl.subscriptions order by 1`;
    expect(rows).toEqual([
      { c: 'p1', p: 'pro' },
      { c: 'p2', p: 'free' },
    ]);
  });

  it.each([
    ['id,mail\n', /column mail is unknown/],
    ['id,nmae\n', /did you mean name/],
    ['name\nx\n', /column id is missing/],
    ['id,id\n', /id is there twice/],
    ['', /file is empty/],
    ['id\n"x\n', /is no CSV/],
    [Buffer.from([0x69, 0x64, 0x0a, 0xff, 0xfe, 0x0a]), /is not UTF-8/],
  ])('refuses the whole file %j', async (text, sentence) => {
    await expect(take(csv(text))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(sentence) as string,
    });
  });
});

describe('from a query', () => {
  it('takes the rows of the application’s own table', async () => {
    await sql`create table public.users (id int primary key, email text)`;
    await sql`insert into public.users select n, 'q' || n || '@example.org' from generate_series(100001, 105000) n`;
    const done = await take(query("select id, email, 'Europe/Paris' as timezone from public.users;"));
    expect(done).toMatchObject({ read: 5_000, added: 5_000, rejected: 0 });
    expect(await take(query('select id from public.users where false'))).toMatchObject({ read: 0 });
  });

  it.each([
    ['delete from public.users returning id', /is refused/],
    [
      'with d as (delete from public.users returning id) select id from d',
      /is refused: .*(data-modifying|read-only)/,
    ],
    ["select setval('public.counter', 7)::text as id", /is refused: .*read-only/],
    ['select 1 as id; drop table public.users', /is refused: .*multiple commands/],
    ['select id from public.user', /is refused: relation "public.user" does not exist/],
    ['select id, email as mail from public.users', /column mail is unknown/],
  ])('refuses %j with the sentence of PostgreSQL', async (text, sentence) => {
    await sql`create sequence if not exists public.counter`;
    await expect(take(query(text))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(sentence) as string,
    });
    const [row] = await sql`select count(*)::int as n from public.users`;
    expect(row).toEqual({ n: 5_000 });
  });
});
