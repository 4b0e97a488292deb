import { eq } from 'drizzle-orm';
import { boolean, date, integer, jsonb, numeric, pgSchema, text } from 'drizzle-orm/pg-core';
import { describe, expect, test } from 'vitest';
import { instant } from '../../src/database/columns.ts';
import { orm } from '../../src/database/orm.ts';
import { refusalOf } from '../../src/database/refusals.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase({ empty: true });
await sql`create schema orm`;
await sql`create table orm.thing (id text primary key, price numeric, day date, at timestamptz, facts jsonb, tags text[], counts int[], live boolean)`;

const things = pgSchema('orm').table('thing', {
  id: text('id').primaryKey(),
  price: numeric('price'),
  day: date('day'),
  at: instant('at'),
  facts: jsonb('facts'),
  tags: text('tags').array(),
  counts: integer('counts').array(),
  live: boolean('live'),
});

const whole = {
  id: 'a',
  price: '12.50',
  day: '2026-03-29',
  at: new Date('2026-03-29T01:30:00.123Z'),
  facts: { name: 'a "quoted" name', list: [1, null], deep: { yes: true } },
  tags: ['one', 'with "quotes", and commas', ''],
  counts: [1, 2],
  live: true,
};
const empty = {
  id: 'b',
  price: null,
  day: null,
  at: null,
  facts: null,
  tags: null,
  counts: null,
  live: null,
};

describe('the typed builder over our handle', () => {
  test.each([whole, empty])('a row comes back as it went: $id', async (row) => {
    await orm(sql).insert(things).values(row);
    await expect(orm(sql).select().from(things).where(eq(things.id, row.id))).resolves.toEqual([row]);
  });

  test.each(['+010000-01-01T00:00:00.000Z', '+123456-12-31T23:59:59.999Z', '-000043-03-15T12:00:00.000Z'])(
    'an instant of any year is written, found and read: %s',
    async (text) => {
      const at = new Date(text);
      await orm(sql).insert(things).values({ id: text, at });
      await expect(orm(sql).select({ at: things.at }).from(things).where(eq(things.at, at))).resolves.toEqual(
        [{ at }],
      );
    },
  );

  test('insert, update and delete give back rows', async () => {
    await expect(
      orm(sql)
        .insert(things)
        .values({ id: 'c', facts: [1] })
        .returning({ id: things.id, facts: things.facts }),
    ).resolves.toEqual([{ id: 'c', facts: [1] }]);
    await expect(
      orm(sql).delete(things).where(eq(things.id, 'c')).returning({ id: things.id }),
    ).resolves.toEqual([{ id: 'c' }]);
  });

  test('runs inside the transaction of its handle', async () => {
    const undone = inTransaction(sql, async (tx) => {
      await orm(tx).insert(things).values({ id: 'undone' });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await expect(orm(sql).select().from(things).where(eq(things.id, 'undone'))).resolves.toEqual([]);
  });

  test('leaves the value rules of the handle alone', async () => {
    const [row] = await sql`select '2026-01-01T00:00:00Z'::timestamptz as at, '{"a":1}'::jsonb as facts`;
    expect(row).toEqual({ at: new Date('2026-01-01T00:00:00Z'), facts: { a: 1 } });
  });

  test('its errors are recognised through the wrapping', async () => {
    await orm(sql).insert(things).values({ id: 'twice' });
    const error: unknown = await orm(sql)
      .insert(things)
      .values({ id: 'twice' })
      .then(
        () => undefined,
        (caught: unknown) => caught,
      );
    expect(refusalOf(error)).toMatchObject({ kind: 'conflict', message: "Thing: id 'twice' exists already" });
  });
});
