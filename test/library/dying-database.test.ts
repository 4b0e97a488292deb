import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTo, type Connection } from '../../src/database/connect.ts';
import { embeddedAddress } from '../../src/database/embedded/open.ts';
import { startServer } from '../../src/database/embedded/start.ts';
import { migrate } from '../../src/database/migrate.ts';
import { formatDatabaseUrl } from '../../src/database/url.ts';
import { type ClientOptions, subctl } from '../../src/library/subctl.ts';
import { root } from '../support/cli.ts';
import { newHome } from '../support/embedded.ts';
import { fastSettings, removeFolder, temporaryFolder } from '../support/test-server.ts';
import { booksOf, layWorld, person } from './world.ts';

const place = await newHome();
// what is answered must survive the server, though not the machine
const settings = { ...fastSettings, synchronous_commit: 'on' };
const start = () => startServer(place, { mayCreate: true, cluster: { settings, noSync: true } });
const folder = temporaryFolder('subctl-dying-');
let sql: Connection;

beforeAll(async () => {
  await start();
  sql = connectTo(embeddedAddress(place), 2);
  await migrate(sql, { folder: path.join(root, 'drizzle'), program: '0.1.0' });
  await layWorld(sql);
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  removeFolder(folder);
});

/** The server's first process and all its children, without a goodbye. */
function kill(): void {
  const pid = Number(fs.readFileSync(path.join(place.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
}

/** Sends requests through a metered route while the database dies and comes back; what they were told. */
async function play(who: string, options: ClientOptions): Promise<Record<number, number>> {
  const url = formatDatabaseUrl(embeddedAddress(place), { showPassword: true });
  const client = subctl({ url, connections: 3, retryMs: 20_000, ...options });
  const metered = client.middleware({ customer: () => who, kind: 'llm' });
  const server = createServer((request, response) => metered(request, response, () => response.end('done')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told: Record<number, number> = {};
  let sent = 0;
  let answered = 0;
  const caller = async () => {
    while (sent < 240) {
      sent++;
      const { status } = await fetch(door);
      told[status] = (told[status] ?? 0) + 1;
      answered++;
      if (answered === 80) kill();
      if (answered === 160) await start();
      if (status === 503) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await Promise.all(Array.from({ length: 6 }, caller));
  await client.close();
  server.close();
  return told;
}

it('W18: fail-closed serves nobody while the database is dead, and every request that was served is in the books', async () => {
  const who = await person(sql, 'closed');
  const told = await play(who, {});
  expect(told[200]! + told[503]!).toBe(240);
  expect(told[200]).toBeGreaterThanOrEqual(100);
  expect(await booksOf(sql, who)).toMatchObject({ events: told[200], counted: String(told[200]) });
});

it('fail-open serves everybody, and every request is in the books, once', async () => {
  const who = await person(sql, 'open');
  const told = await play(who, { onUnavailable: 'fail-open', spool: { folder: path.join(folder, 'spool') } });
  expect(told).toEqual({ 200: 240 });
  expect(await booksOf(sql, who)).toMatchObject({ events: 240, counted: '240' });
  expect(fs.readdirSync(path.join(folder, 'spool'))).toEqual([]);
});
