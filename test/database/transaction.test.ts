import { describe, expect, test } from 'vitest';
import { sqlStateOf } from '../../src/database/server-error.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase({ empty: true });
await sql`create table public.account (id int primary key, amount int not null)`;
await sql`insert into public.account values (1, 0), (2, 0), (3, 0), (4, 0)`;

const amounts = async () =>
  (await sql<{ amount: number }[]>`select amount from public.account order by id`).map((row) => row.amount);

describe('a transaction', () => {
  test('undoes everything when the work throws', async () => {
    const failing = inTransaction(sql, async (tx) => {
      await tx`update public.account set amount = 99`;
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await amounts()).toEqual([0, 0, 0, 0]);
  });

  test('is repeated after a deadlock, until both of the two have been done', async () => {
    let meet: () => void = () => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    let arrived = 0;
    const transfer = (first: number, second: number) =>
      inTransaction(sql, async (tx) => {
        await tx`update public.account set amount = amount + 1 where id = ${first}`;
        if (++arrived === 2) meet();
        await met;
        await tx`update public.account set amount = amount + 1 where id = ${second}`;
      });
    await Promise.all([transfer(1, 2), transfer(2, 1)]);
    expect(arrived).toBe(3);
    expect((await amounts()).slice(0, 2)).toEqual([2, 2]);
  });

  test('is given up after the fifth serialization failure', async () => {
    let tries = 0;
    const hopeless = inTransaction(sql, async (tx) => {
      tries++;
      await tx`do $$ begin raise exception 'never' using errcode = '40001'; end $$`;
    });
    await expect(hopeless).rejects.toSatisfy((error) => sqlStateOf(error) === '40001');
    expect(tries).toBe(5);
  });

  test('that only reads sees one snapshot and may not write', async () => {
    const writing = inTransaction(sql, (tx) => tx`update public.account set amount = 5`, { readOnly: true });
    await expect(writing).rejects.toSatisfy((error) => sqlStateOf(error) === '25006');
  });
});
