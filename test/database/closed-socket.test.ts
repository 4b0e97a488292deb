import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { connectTo } from '../../src/database/connect.ts';
import { parseDatabaseUrl } from '../../src/database/address.ts';
import { doorOf, through } from '../daemon/fixture.ts';
import { testDatabase } from '../support/database.ts';
import { openProxy } from '../support/proxy.ts';

const { url } = await testDatabase();
const proxy = await openProxy(doorOf(url));
const connection = connectTo(parseDatabaseUrl(through(proxy, url)), 1);
afterAll(async () => {
  await connection.end({ timeout: 1 });
  await proxy.close();
});

it('a transaction whose connection was closed while it did something else fails at its next statement, and the next one has a connection', async () => {
  const said: unknown[] = [];
  const cut = connection.begin(async (tx) => {
    await tx`select 1`;
    proxy.cut();
    await sleep(50);
    await tx`select 2`.catch((error: unknown) => said.push((error as { code: string }).code));
  });
  await expect(cut).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  await expect.poll(() => said).toEqual(['CONNECTION_CLOSED']);
  await sleep(50); // the rollback of the library's own is written a turn later
  expect(await connection.begin((tx) => tx`select 3 as n`)).toEqual([{ n: 3 }]);
});
