import { describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase({ empty: true });

describe('values between TypeScript and PostgreSQL', () => {
  test('numbers that a double would spoil arrive as strings', async () => {
    const [row] =
      await sql`select 1.50::numeric as price, 9007199254740993::int8 as big, 7::int4 as small, '2026-03-29'::date as day`;
    expect(row).toEqual({ price: '1.50', big: '9007199254740993', small: 7, day: '2026-03-29' });
  });

  test('an instant is a Date, and a string given for one keeps its microseconds', async () => {
    const at = new Date('2026-03-29T01:30:00.123Z');
    const [row] =
      await sql`select ${at}::timestamptz as at, ${'2026-01-01T00:00:00.123456Z'}::timestamptz::text as exact`;
    expect(row).toEqual({ at, exact: '2026-01-01 00:00:00.123456+00' });
  });

  test.each([
    ['an object', { a: 1, b: ['x'] }, { a: 1, b: ['x'] }],
    ['text that is JSON already', '{"a":1}', { a: 1 }],
    ['a list', [1, 2], [1, 2]],
  ])('json takes %s', async (_, given, expected) => {
    const [row] = await sql`select ${sql.json(given)}::jsonb as value`;
    expect(row?.['value']).toEqual(expected);
  });

  test('a plain string parameter of a json column is JSON text', async () => {
    const [row] = await sql`select ${'[1,"two"]'}::jsonb as value`;
    expect(row?.['value']).toEqual([1, 'two']);
  });

  test('arrays go and come without asking the server for its types', async () => {
    const texts = ['plain', 'with "quotes" and \\', 'comma, {brace}', '', 'NULL', null, 'ünï'];
    const [row] = await sql`
      select ${texts as string[]}::text[] as texts, ${[1, 2]}::int[] as ints, ${['1.10', '2']}::numeric[] as amounts,
             ${sql.array([new Date(0)], 1184)}::timestamptz[] as instants, ${sql.array([true, false], 16)}::boolean[] as flags,
             array[array[1,2],array[3,4]] as nested, '{}'::text[] as none, ${[]}::text[] as nothing, array['{"a":1}'::jsonb] as objects`;
    expect(row).toEqual({
      texts,
      ints: [1, 2],
      amounts: ['1.10', '2'],
      instants: [new Date(0)],
      flags: [true, false],
      nested: [[1, 2], [3, 4]],
      none: [],
      nothing: [],
      objects: [{ a: 1 }],
    }); // prettier-ignore
  });

  test('the session speaks UTC whatever the server prefers', async () => {
    await expect(
      sql`select current_setting('TimeZone') as zone, current_setting('application_name') as name`,
    ).resolves.toEqual([{ zone: 'UTC', name: 'subctl' }]);
  });
});
