import { expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';

/** One connection: a cursor that kept its transaction open would leave none for the next statement. */
const { sql } = await testDatabase({ empty: true, max: 1 });

const open = () => sql`
  select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;

it.each([
  ['no rows', 0],
  ['one page', 3],
  ['a page that is full', 10],
  ['pages', 25],
])('a cursor over %s ends its transaction', async (_, rows) => {
  const read: number[] = [];
  for await (const page of sql<{ n: number }[]>`select n from generate_series(1, ${rows}::int) n`.cursor(
    10,
  )) {
    await new Promise((resolve) => setTimeout(resolve, 5)); // the server's last word is there before the next page is asked for
    read.push(...page.map(({ n }) => n));
  }
  expect(read).toEqual(Array.from({ length: rows }, (__, at) => at + 1));
  expect(await open()).toEqual([{ n: 0 }]);
});

it('a cursor that is left early ends its transaction', async () => {
  for await (const [row] of sql`select n from generate_series(1, 100) n`.cursor(10)) {
    expect(row).toEqual({ n: 1 });
    break;
  }
  expect(await open()).toEqual([{ n: 0 }]);
});

it('a cursor whose statement fails says so, and the connection goes on', async () => {
  const read = async () => {
    for await (const page of sql`select 1 / (n - 15) as n from generate_series(1, 100) n`.cursor(10))
      void page;
  };
  await expect(read()).rejects.toThrow('division by zero');
  expect(await open()).toEqual([{ n: 0 }]);
});
